import { useState } from 'react'
import { errorAt, TextField } from '../../ui/field.tsx'
import { FormDialog } from './form-dialog.tsx'
import { TicketSideUpdateDocument } from './generated/Changes.ts'
import type { DialogOf } from './toolbar-dialog.tsx'
import { useFormChange } from './use-form-change.ts'

/** What a ticket is about, as people name it. */
export function EditDialog({ ticket, onClose }: DialogOf) {
  const { run, isBusy, errors } = useFormChange(ticket, onClose)
  const [subject, setSubject] = useState(ticket.subject)
  const [category, setCategory] = useState(ticket.category ?? '')
  const save = () => {
    const input = { id: ticket.id, subject: subject.trim(), category: category.trim() || null }
    return run(TicketSideUpdateDocument, input)
  }
  return (
    <FormDialog
      title={`#${ticket.number}: subject and category`}
      verb="Save"
      isBusy={isBusy}
      isReady={subject.trim() !== ''}
      errors={errors.filter(({ path }) => !['subject', 'category'].includes(path?.at(-1) ?? ''))}
      onSubmit={save}
      onClose={onClose}
    >
      <TextField
        label="Subject"
        autoFocus
        required
        maxLength={300}
        value={subject}
        error={errorAt(errors, 'subject')}
        onChange={(event) => setSubject(event.target.value)}
      />
      <TextField
        label="Category"
        maxLength={100}
        value={category}
        error={errorAt(errors, 'category')}
        onChange={(event) => setCategory(event.target.value)}
        hint="Empty: none."
      />
    </FormDialog>
  )
}
