import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { formatDateTime } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { Button } from '../../ui/button.tsx'
import { CheckField } from '../../ui/field.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { nameOf } from './actors.ts'
import { isImpersonal, wordsOf, type NameOf } from './event-words.ts'
import type { TicketSideEventFragment, TicketSideHistoryQuery } from './generated/History.ts'
import { TicketSidePlacesDocument } from './generated/Places.ts'
import { Disclosure, SidePanel } from './side-panel.tsx'
import { useHistory } from './use-history.ts'
import { versionOf, type TicketNow } from './use-ticket.ts'

type Event = TicketSideEventFragment

/** Who had it and why, and everything that happened, newest first. */
export function HistoryPanel({ ticket }: { ticket: TicketNow }) {
  return (
    <SidePanel name="history" title="History" isOpenAtFirst={false}>
      <History ticket={ticket} />
    </SidePanel>
  )
}

const step = 20

/** Read only when the part is open. */
function History({ ticket }: { ticket: TicketNow }) {
  const { events, assignments, isLoading, isMissing } = useHistory(ticket.id, versionOf(ticket))
  const name = useNames()
  const [shown, setShown] = useState(step)
  const [hasRanks, setRanks] = useState(false)
  const known = new Map(events.map((event) => [event.id, event]))
  const newestFirst = events.filter(({ type }) => hasRanks || type !== 'RERANKED').toReversed()
  if (isLoading) return <Skeleton className="h-24" label="Loading the history" />
  if (isMissing) return <Missing what="The history" />
  return (
    <div className="flex flex-col gap-2">
      <Assignments assignments={assignments} />
      {events.some(({ type }) => type === 'RERANKED') && (
        <CheckField label="With moves in the inbox" checked={hasRanks} onChange={() => setRanks(!hasRanks)} />
      )}
      {newestFirst.length === 0 && <p className="text-sm text-ink-soft">Nothing happened since it came here.</p>}
      <ol aria-label="Events" className="flex flex-col border-l border-line pl-3">
        {newestFirst.slice(0, shown).map((event) => (
          <EventRow
            key={event.id}
            event={event}
            cause={event.causedBy ? known.get(event.causedBy) : undefined}
            name={name}
          />
        ))}
      </ol>
      {newestFirst.length > shown && (
        <Button kind="quiet" onClick={() => setShown(shown + step)}>
          Show earlier ({newestFirst.length - shown})
        </Button>
      )}
    </div>
  )
}

function useNames(): NameOf {
  const { data } = useQuery(TicketSidePlacesDocument)
  const all = [...(data?.agents.nodes ?? []), ...(data?.queues ?? []), ...(data?.teams ?? [])]
  const names = new Map(all.map(({ id, name }) => [id, name]))
  return (id) => names.get(id)
}

function EventRow({ event, cause, name }: { event: Event; cause: Event | undefined; name: NameOf }) {
  const { what, details } = wordsOf(event, name)
  return (
    <li className="relative py-1 text-xs before:absolute before:top-2.5 before:-left-[15.5px] before:size-1.5 before:rounded-full before:bg-line-strong">
      <span className="text-ink-soft">
        {!isImpersonal(event.type) && <span className="font-medium text-ink">{nameOf(event.actor)} </span>}
        {what}
      </span>{' '}
      <Ago at={event.occurredAt} className="text-ink-faint" />
      {cause && (
        <span className="block text-ink-faint">
          because {isImpersonal(cause.type) ? '' : `${nameOf(cause.actor)} `}
          {wordsOf(cause, name).what}
        </span>
      )}
      {details.length > 0 && <span className="block text-ink-faint">{details.join(' · ')}</span>}
    </li>
  )
}

type Assignment = NonNullable<TicketSideHistoryQuery['ticket']>['assignments'][number]

function Assignments({ assignments }: { assignments: readonly Assignment[] }) {
  if (assignments.length === 0) return null
  return (
    <Disclosure label={`Who had it, and why (${assignments.length})`}>
      <ul className="flex flex-col gap-1">
        {assignments.map(({ agent, assignedAt, endedAt, explanation }) => (
          <li key={`${agent.id}${assignedAt}`}>
            <span className="font-medium text-ink">{agent.name}</span>, {formatDateTime(assignedAt)}
            {endedAt ? ` to ${formatDateTime(endedAt)}` : ', still'}. {explanation}
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
