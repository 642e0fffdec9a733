import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { errorAt, SelectField, TextArea } from '../../ui/field.tsx'
import { FormDialog } from './form-dialog.tsx'
import { TicketSideEscalateDocument } from './generated/Changes.ts'
import { TicketSidePlacesDocument } from './generated/Places.ts'
import type { DialogOf } from './toolbar-dialog.tsx'
import { useFormChange } from './use-form-change.ts'

/** Calls for somebody more senior. */
export function EscalateDialog({ ticket, onClose }: DialogOf) {
  const { data } = useQuery(TicketSidePlacesDocument)
  const { run, isBusy, errors } = useFormChange(ticket, onClose)
  const [reason, setReason] = useState('')
  const [team, setTeam] = useState('')
  const level = ticket.escalation
    ? ` It is escalated already, to level ${ticket.escalation.level}; this is a level more.`
    : ''
  return (
    <FormDialog
      title={`Escalate #${ticket.number}`}
      description={`Calls for somebody more senior, who is told why.${level}`}
      verb="Escalate"
      isBusy={isBusy}
      isReady={reason.trim() !== ''}
      errors={errors.filter(({ path }) => path?.at(-1) !== 'reason')}
      onSubmit={() =>
        run(TicketSideEscalateDocument, { id: ticket.id, reason: reason.trim(), ...(team && { toTeamId: team }) })
      }
      onClose={onClose}
    >
      <TextArea
        label="Why"
        autoFocus
        rows={3}
        maxLength={1_000}
        required
        value={reason}
        error={errorAt(errors, 'reason')}
        onChange={(event) => setReason(event.target.value)}
      />
      <SelectField
        label="Team that is to help"
        value={team}
        onChange={(event) => setTeam(event.target.value)}
        options={[
          { value: '', label: 'Chosen by role' },
          ...(data?.teams ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </FormDialog>
  )
}
