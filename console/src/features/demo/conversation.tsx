import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { errorAt, SelectField, TextArea } from '../../ui/field.tsx'
import { sentence, type UserError } from '../../graph/errors.ts'
import { useMutate } from '../../graph/mutate.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { DemoAddMessageDocument, DemoResetConversationDocument, type DemoTicketsQuery } from './generated/Demo.ts'

type DemoTicket = DemoTicketsQuery['tickets']['nodes'][number]

/** Says something on a demo ticket as its customer, or as the team; or puts the ticket back as it was. */
export function DemoConversation({ tickets }: { tickets: readonly DemoTicket[] }) {
  const [id, setId] = useState(tickets[0]?.id ?? '')
  const ticket = tickets.find((one) => one.id === id) ?? tickets[0]
  const [told, setTold] = useState('')
  if (!ticket) return null
  const options = tickets.map((one) => ({
    value: one.id,
    label: `#${one.number} · ${one.customer.name} · ${one.subject}`,
  }))
  return (
    <div className="flex flex-col gap-4 text-sm">
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-64 flex-1">
          <SelectField
            label="Ticket"
            value={ticket.id}
            options={options}
            onChange={({ currentTarget }) => setId(currentTarget.value)}
          />
        </div>
        <ResetTicket ticket={ticket} onReset={() => setTold(`#${ticket.number} is as it was at first.`)} />
      </div>
      <Say key={ticket.id} ticket={ticket} onSaid={setTold} />
      <p role="status" className="text-ink-soft">
        {told}{' '}
        {told && (
          <Link
            to="/inbox/$number"
            params={{ number: String(ticket.number) }}
            className="font-medium text-accent underline"
          >
            {`Open #${ticket.number}`}
          </Link>
        )}
      </p>
    </div>
  )
}

function Say({ ticket, onSaid }: { ticket: DemoTicket; onSaid: (told: string) => void }) {
  const [add, isBusy] = useMutate(DemoAddMessageDocument)
  const [errors, setErrors] = useState<UserError[]>([])
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const fromAgent = given.get('who') === 'agent'
    const input = { ticketId: ticket.id, content: String(given.get('content') ?? ''), fromAgent }
    const outcome = await add({ input }, { isQuiet: true })
    setErrors(outcome.isGood ? [] : outcome.errors)
    if (!outcome.isGood) return
    form.reset()
    onSaid(fromAgent ? 'The team has said it.' : `${ticket.customer.name} has written.`)
  }
  const wrong = errorAt(errors, 'content') ?? (errors.length > 0 ? errors.map(sentence).join(' ') : undefined)
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
      <fieldset className="flex gap-4">
        <legend className="mb-1 font-medium">Who says it</legend>
        {[
          { value: 'customer', label: ticket.customer.name },
          { value: 'agent', label: 'The team' },
        ].map(({ value, label }) => (
          <label key={value} className="inline-flex min-h-6 items-center gap-2">
            <input
              type="radio"
              name="who"
              value={value}
              defaultChecked={value === 'customer'}
              className="size-4 accent-accent"
            />
            {label}
          </label>
        ))}
      </fieldset>
      <TextArea label="Message" name="content" rows={3} required error={wrong} />
      <Button kind="primary" type="submit" isBusy={isBusy} className="self-start">
        Say it
      </Button>
    </form>
  )
}

function ResetTicket({ ticket, onReset }: { ticket: DemoTicket; onReset: () => void }) {
  const [reset] = useMutate(DemoResetConversationDocument)
  const [isAsking, setAsking] = useState(false)
  const put = async () => {
    const outcome = await reset({ input: { ticketId: ticket.id } })
    if (outcome.isGood) onReset()
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>Put back as it was…</Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Put #${ticket.number} back as it was?`}
        description="What has been said and done on it since goes."
        verb="Put it back"
        onConfirm={put}
      />
    </>
  )
}
