import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { toast } from '../../shared/toast.ts'
import { formatDateTime } from '../../shared/format.ts'
import { SelectField, TextArea, TextField } from '../../ui/field.tsx'
import { useAbilities } from './abilities.ts'
import { FormDialog } from './form-dialog.tsx'
import { TicketSideTransferDocument } from './generated/Changes.ts'
import { TicketSidePlacesDocument } from './generated/Places.ts'
import { useServerNow } from '../../shared/now.tsx'
import { instantOf, localInput, presetTimes } from './snooze-times.ts'
import type { DialogOf } from './toolbar-dialog.tsx'
import { useFormChange } from './use-form-change.ts'

type Place = { id: string; name: string }

const optionsOf = (places: readonly Place[], none: string) => [
  { value: '', label: none },
  ...places.map(({ id, name }) => ({ value: id, label: name })),
]

/** Hands a ticket on, with what they should know, and for how long. */
export function TransferDialog({ ticket, onClose }: DialogOf) {
  const { data } = useQuery(TicketSidePlacesDocument)
  const may = useAbilities(ticket.assignee?.id ?? null)
  const now = useServerNow(60_000)
  const { run, isBusy, errors } = useFormChange(ticket, onClose)
  const [to, setTo] = useState({ agent: '', team: '', queue: '' })
  const [note, setNote] = useState('')
  const [back, setBack] = useState('')
  const returnAt = instantOf(back)
  const isPast = returnAt !== null && Date.parse(returnAt) <= now
  const submit = async () => {
    const { isGood } = await run(TicketSideTransferDocument, {
      id: ticket.id,
      ...(to.agent && { toAgentId: to.agent }),
      ...(to.team && { toTeamId: to.team }),
      ...(to.queue && { toQueueId: to.queue }),
      ...(note.trim() && { note }),
      ...(returnAt && { returnAt }),
    })
    if (isGood)
      toast.message(`#${ticket.number} was handed on`, {
        ...(returnAt && { description: `It returns ${formatDateTime(returnAt)} unless they reply.` }),
      })
  }
  const choose = (field: keyof typeof to) => (event: { target: { value: string } }) =>
    setTo({ ...to, [field]: event.target.value })
  return (
    <FormDialog
      title={`Hand on #${ticket.number}`}
      description="Whoever gets it sees your note. What you do not name stays as it is; without an agent nobody has it then."
      verb="Hand on"
      isBusy={isBusy}
      isReady={Boolean(to.agent || to.team || to.queue) && !isPast}
      errors={errors}
      onSubmit={submit}
      onClose={onClose}
    >
      {may.assign && (
        <SelectField
          label="Agent"
          value={to.agent}
          onChange={choose('agent')}
          options={optionsOf(data?.agents.nodes ?? [], 'Nobody in particular')}
        />
      )}
      <SelectField
        label="Team"
        autoFocus
        value={to.team}
        onChange={choose('team')}
        options={optionsOf(data?.teams ?? [], 'As it is')}
      />
      <SelectField
        label="Queue"
        value={to.queue}
        onChange={choose('queue')}
        options={optionsOf(data?.queues ?? [], 'As it is')}
      />
      <TextArea
        label="Why, and what they should know"
        rows={3}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        hint="Kept as a note."
      />
      <TextField
        label="Comes back at"
        type="datetime-local"
        min={localInput(now)}
        value={back}
        error={isPast ? 'That is over already.' : undefined}
        onChange={(event) => setBack(event.target.value)}
        hint="If they have not replied by then. Empty: it stays there."
      />
      <div className="flex flex-wrap gap-1">
        {presetTimes(now)
          .slice(0, 4)
          .map(({ id, label, at }) => (
            <button
              key={id}
              type="button"
              className="min-h-6 rounded border border-line px-2 text-xs text-ink-soft hover:bg-raised"
              onClick={() => setBack(localInput(at.getTime()))}
            >
              {label}
            </button>
          ))}
      </div>
    </FormDialog>
  )
}
