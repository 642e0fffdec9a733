import { useState, type FormEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useServerNow } from '../../shared/now.tsx'
import { useServerLead } from '../../shared/server-lead.ts'
import { instantOf, localInput, presetTimes } from './snooze-times.ts'
import type { TicketActs } from './ticket-acts.ts'
import type { TicketNow } from './use-ticket.ts'

/** Until when a ticket sleeps: a time that one often means, or any. */
export function SnoozePanel({ ticket, acts, onClose }: { ticket: TicketNow; acts: TicketActs; onClose: () => void }) {
  const now = useServerNow(60_000)
  const isMoved = useServerLead() > 60_000
  const [wanted, setWanted] = useState('')
  const until = instantOf(wanted)
  const isPast = until !== null && Date.parse(until) < now + 60_000
  const snooze = (at: string) => {
    onClose()
    void acts.snooze(at)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (until !== null && !isPast) snooze(until)
  }
  return (
    <div className="flex flex-col p-1">
      {ticket.snoozedUntil && (
        <Button
          kind="quiet"
          className="w-full justify-start! px-2!"
          onClick={() => {
            onClose()
            void acts.open()
          }}
        >
          Wake it now
        </Button>
      )}
      <ul aria-label="Snooze until">
        {presetTimes(now).map(({ id, label, at, shown }, index) => (
          <li key={id}>
            <button
              type="button"
              autoFocus={index === 0}
              className="flex min-h-8 w-full items-center justify-between gap-3 rounded px-2 text-left text-sm hover:bg-raised"
              onClick={() => snooze(at.toISOString())}
            >
              {label}
              <span className="text-xs text-ink-faint">{shown}</span>
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="mt-1 flex items-end gap-2 border-t border-line p-2">
        <div className="min-w-0 flex-1">
          <TextField
            label="Another time"
            type="datetime-local"
            min={localInput(now)}
            value={wanted}
            error={isPast ? 'That is over already.' : undefined}
            onChange={(event) => setWanted(event.target.value)}
          />
        </div>
        <Button type="submit" disabled={until === null || isPast}>
          Snooze
        </Button>
      </form>
      <p className="px-2 pb-1 text-xs text-ink-faint">
        {isMoved ? 'Times are the demo’s, whose clock was moved. ' : ''}A message of the customer brings it back sooner.
      </p>
    </div>
  )
}
