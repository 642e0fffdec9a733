import { Ago } from '../../shared/now.tsx'
import { words } from '../../shared/format.ts'
import type { TicketSideFoundFragment } from './generated/Find.ts'

export type Found = TicketSideFoundFragment

type Props = {
  found: readonly Found[]
  customerId: string | null
  chosen: Found | null
  onChoose: (found: Found) => void
}

/** Tickets to choose one of; those of somebody else are shown, and cannot be chosen. */
export function FoundTickets({ found, customerId, chosen, onChoose }: Props) {
  if (found.length === 0) return <p className="text-sm text-ink-soft">No other ticket was found.</p>
  return (
    <fieldset className="max-h-64 overflow-y-auto rounded-md border border-line">
      <legend className="sr-only">Tickets found</legend>
      {found.map((ticket) => {
        const isOthers = customerId !== null && ticket.customer.id !== customerId
        return (
          <label
            key={ticket.id}
            className="flex min-h-9 items-center gap-2 border-b border-line px-2 text-sm last:border-b-0 has-checked:bg-accent-soft has-disabled:text-ink-faint"
          >
            <input
              type="radio"
              name="into"
              className="accent-accent"
              disabled={isOthers}
              checked={chosen?.id === ticket.id}
              onChange={() => onChoose(ticket)}
            />
            <span className="tabular-nums">#{ticket.number}</span>
            <span className="min-w-0 flex-1 truncate" title={ticket.subject}>
              {ticket.subject}
            </span>
            <span className="max-w-1/2 shrink-0 truncate text-xs text-ink-faint">
              {isOthers ? `of ${ticket.customer.name}` : words(ticket.status)} · <Ago at={ticket.createdAt} />
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}
