import { useQuery } from '@apollo/client/react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { toast } from '../../shared/toast.ts'
import { Ago } from '../../shared/now.tsx'
import { errorAt, TextField } from '../../ui/field.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { FormDialog } from './form-dialog.tsx'
import { TicketSideSplitDocument } from './generated/Changes.ts'
import { TicketSideMessagesDocument } from './generated/Find.ts'
import type { DialogOf } from './toolbar-dialog.tsx'
import { useFormChange } from './use-form-change.ts'

/** Moves messages that are another matter to a ticket of their own. */
export function SplitDialog({ ticket, onClose }: DialogOf) {
  const navigate = useNavigate()
  const { data, error } = useQuery(TicketSideMessagesDocument, {
    variables: { id: ticket.id },
    fetchPolicy: 'cache-and-network',
  })
  const { run, isBusy, errors } = useFormChange(ticket, onClose)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [subject, setSubject] = useState('')
  const messages = data?.ticket?.messages.nodes ?? []
  const isAll = chosen.length > 0 && chosen.length === messages.length
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
  const split = async () => {
    const outcome = await run(TicketSideSplitDocument, {
      id: ticket.id,
      messageIds: [...chosen],
      subject: subject.trim(),
    })
    const made = outcome.isGood ? outcome.payload.ticket : null
    if (!made) return
    toast.message(`#${made.number} was split off #${ticket.number}`)
    await navigate({ to: '/inbox/$number', params: { number: String(made.number) }, search: (kept) => kept })
  }
  return (
    <FormDialog
      title={`Split messages off #${ticket.number}`}
      description="They become a new ticket of the same customer, with the same assignee. At least one message stays."
      verb={chosen.length > 0 ? `Split off ${chosen.length}` : 'Split off'}
      isWide
      isBusy={isBusy}
      isReady={chosen.length > 0 && !isAll && subject.trim() !== ''}
      errors={errors.filter(({ path }) => path?.at(-1) !== 'subject')}
      onSubmit={split}
      onClose={onClose}
    >
      <TextField
        label="Subject of the new ticket"
        autoFocus
        required
        maxLength={300}
        value={subject}
        error={errorAt(errors, 'subject')}
        onChange={(event) => setSubject(event.target.value)}
      />
      {!data && !error && <Skeleton className="h-32" label="Loading the messages" />}
      {error && !data && <Missing what="The conversation" />}
      <fieldset className="max-h-72 overflow-y-auto rounded-md border border-line">
        <legend className="sr-only">Messages to move</legend>
        {messages.map(({ id, authorName, content, createdAt }) => (
          <label
            key={id}
            className="flex items-start gap-2 border-b border-line p-2 text-sm last:border-b-0 has-checked:bg-accent-soft"
          >
            <input
              type="checkbox"
              className="mt-0.5 size-4 accent-accent"
              checked={chosen.includes(id)}
              onChange={() => toggle(id)}
            />
            <span className="min-w-0">
              <span className="font-medium">{authorName}</span>{' '}
              <Ago at={createdAt} className="text-xs text-ink-faint" />
              <span className="line-clamp-2 text-ink-soft">{content}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {isAll && <p className="text-sm text-warn">At least one message must stay.</p>}
      {data?.ticket?.messages.pageInfo.hasNextPage && (
        <p className="text-xs text-ink-faint">The first 100 messages are shown.</p>
      )}
    </FormDialog>
  )
}
