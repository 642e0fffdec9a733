import { useState } from 'react'
import { formatDateTime } from '../../shared/format.ts'
import { errorAt, TextArea, TextField } from '../../ui/field.tsx'
import { FormDialog } from './form-dialog.tsx'
import { TicketSideFollowUpDocument } from './generated/Changes.ts'
import { useServerNow } from '../../shared/now.tsx'
import { instantOf, localInput, presetTimes } from './snooze-times.ts'
import type { DialogOf } from './toolbar-dialog.tsx'
import { useFormChange } from './use-form-change.ts'

/** Plans when somebody looks at it again. */
export function FollowUpDialog({ ticket, onClose }: DialogOf) {
  const now = useServerNow(60_000)
  const { run, isBusy, errors } = useFormChange(ticket, onClose)
  const [at, setAt] = useState(() =>
    localInput(
      presetTimes(now)
        .find(({ id }) => id === 'tomorrow')
        ?.at.getTime() ?? now,
    ),
  )
  const [note, setNote] = useState('')
  const instant = instantOf(at)
  const isPast = instant !== null && Date.parse(instant) <= now
  const planned = ticket.followUpAt ? ` It takes the place of the one on ${formatDateTime(ticket.followUpAt)}.` : ''
  return (
    <FormDialog
      title={`Plan a follow-up of #${ticket.number}`}
      description={`Whoever has it then is reminded.${planned}`}
      verb="Plan it"
      isBusy={isBusy}
      isReady={instant !== null && !isPast}
      errors={errors.filter(({ path }) => path?.at(-1) !== 'at' && path?.at(-1) !== 'note')}
      onSubmit={() =>
        instant &&
        run(TicketSideFollowUpDocument, { id: ticket.id, at: instant, ...(note.trim() && { note: note.trim() }) })
      }
      onClose={onClose}
    >
      <TextField
        label="When"
        autoFocus
        type="datetime-local"
        min={localInput(now)}
        value={at}
        error={isPast ? 'That is over already.' : errorAt(errors, 'at')}
        onChange={(event) => setAt(event.target.value)}
      />
      <TextArea
        label="What is to be done then"
        rows={2}
        maxLength={1_000}
        value={note}
        error={errorAt(errors, 'note')}
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  )
}
