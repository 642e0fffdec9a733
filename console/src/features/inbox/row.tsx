import { useFragment } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { Sparkles, Tag } from 'lucide-react'
import { memo } from 'react'
import { words } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge } from '../../ui/badge.tsx'
import { classes } from '../../ui/classes.ts'
import { InboxRowFragmentDoc, type InboxRowFragment } from './generated/Inbox.ts'
import { piecesOf } from './highlight.ts'
import { ChannelMark, CustomerMarks, PriorityMark } from './marks.tsx'
import type { InboxSearch } from './search.ts'
import { useUnread } from './seen.ts'
import { SlaDue } from './sla-due.tsx'
import { whyHere } from './why.ts'

export type RowProps = {
  id: string
  isOpen: boolean
  /** One row of the list is reached by Tab; arrows go on from there. */
  isTabStop: boolean
  search: InboxSearch
  /** Of what was found: where the words stand. */
  highlight?: string | undefined
  onExplain: (id: string, button: HTMLElement) => void
  onNear: (number: number) => void
  /** Pressed: it opens when it is let go. */
  onPress: (number: number) => void
}

/** A ticket in the list. It reads its own entity: what changes of it changes nothing else. */
export const Row = memo(function Row({ id, ...props }: RowProps) {
  const { data, complete } = useFragment({
    fragment: InboxRowFragmentDoc,
    fragmentName: 'InboxRow',
    from: { __typename: 'Ticket', id },
  })
  return complete ? <TicketRow ticket={data as InboxRowFragment} {...props} /> : <SkeletonRow />
})

function TicketRow({
  ticket,
  isOpen,
  isTabStop,
  search,
  highlight,
  onExplain,
  onNear,
  onPress,
}: Omit<RowProps, 'id'> & { ticket: InboxRowFragment }) {
  const isUnread = useUnread(ticket, isOpen)
  const { number, subject, customer, lastMessage, assignee, status } = ticket
  const isGone = status !== 'OPEN' && highlight === undefined
  return (
    <div
      onPointerEnter={() => onNear(number)}
      onPointerDown={() => onPress(number)}
      className={classes(
        'relative flex h-full flex-col justify-center gap-0.5 border-b border-line py-1.5 pr-3 pl-5',
        isOpen ? 'bg-accent-soft' : 'hover:bg-raised',
        isGone && !isOpen && 'opacity-60',
      )}
    >
      {isOpen && <span aria-hidden className="absolute inset-y-0 left-0 w-0.5 bg-accent" />}
      {isUnread && <span aria-hidden className="absolute top-3.5 left-1.5 size-2 rounded-full bg-accent" />}
      <div className="flex items-center gap-1.5">
        <span className={classes('truncate text-sm', isUnread ? 'font-semibold' : 'text-ink-soft')}>
          {customer.name}
        </span>
        <CustomerMarks {...ticket} />
        <span className="flex-1" />
        {status !== 'OPEN' && <Badge tone="good">{status === 'CLOSED' ? 'Done' : words(status)}</Badge>}
        <ChannelMark {...ticket} />
        <Ago at={lastMessage?.createdAt ?? ticket.createdAt} className="shrink-0 text-xs text-ink-faint" />
      </div>
      <div className="flex items-center gap-1.5">
        <PriorityMark {...ticket} />
        <Link
          to="/inbox/$number"
          params={{ number: String(number) }}
          search={search as never}
          tabIndex={isTabStop ? 0 : -1}
          data-row={number}
          aria-current={isOpen ? 'true' : undefined}
          // The whole row is the target; what else can be pressed lies above.
          className={classes(
            'min-w-0 flex-1 truncate text-sm after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-(--focus)',
            isUnread ? 'font-semibold' : 'font-medium',
          )}
        >
          <span className="sr-only">
            {isUnread && 'New: '}
            {customer.name}:{' '}
          </span>
          {subject}
        </Link>
        {ticket.nextBreachAt && <SlaDue at={ticket.nextBreachAt} ticket={ticket} />}
      </div>
      <Snippet message={lastMessage} highlight={highlight} />
      <div className="flex items-center gap-1.5">
        <Why ticket={ticket} isTabStop={isTabStop} onExplain={onExplain} />
        <span className="flex-1" />
        {assignee && <Avatar name={assignee.name} isLabelled className="size-5 text-[0.6rem]" />}
      </div>
    </div>
  )
}

function Snippet({ message, highlight }: { message: InboxRowFragment['lastMessage']; highlight?: string | undefined }) {
  // It keeps its height where a row is full: less would cut the tails off its letters.
  const style = 'shrink-0 truncate text-xs text-ink-soft'
  if (highlight !== undefined)
    return (
      <p className={style}>
        {piecesOf(highlight).map(({ text, isMatch }, index) =>
          isMatch ? (
            <mark key={index} className="rounded-sm bg-note-soft font-medium text-note">
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </p>
    )
  return (
    <p className={style}>
      {message?.fromAgent && <span className="text-ink-faint">Replied: </span>}
      {message?.content.slice(0, 200) ?? 'No message yet'}
    </p>
  )
}

/** Why it stands here, in a few words; pressed, the whole sum. */
function Why({
  ticket,
  isTabStop,
  onExplain,
}: { ticket: InboxRowFragment } & Pick<RowProps, 'isTabStop' | 'onExplain'>) {
  const phrases = whyHere(ticket.smartScore.components, {
    priority: ticket.priority,
    isVip: ticket.customer.isVip,
    nextBreachAt: ticket.nextBreachAt,
  })
  const Icon = ticket.matchesTopicAlert ? Tag : Sparkles
  return (
    <button
      type="button"
      tabIndex={isTabStop ? 0 : -1}
      aria-haspopup="dialog"
      aria-label={`Why it is here: ${phrases.join(', ')}`}
      onClick={({ currentTarget }) => onExplain(ticket.id, currentTarget)}
      className="relative z-10 -ml-1 inline-flex min-h-6 min-w-0 items-center gap-1 rounded px-1 text-xs text-accent hover:bg-accent-soft"
    >
      <Icon aria-hidden className="size-3 shrink-0" />
      <span className="truncate">{phrases.join(' · ')}</span>
    </button>
  )
}

export function SkeletonRow() {
  return (
    <div aria-hidden className="flex h-full flex-col justify-center gap-2 border-b border-line px-5">
      <div className="h-3 w-1/3 animate-pulse rounded bg-raised" />
      <div className="h-3 w-4/5 animate-pulse rounded bg-raised" />
      <div className="h-3 w-3/5 animate-pulse rounded bg-raised" />
    </div>
  )
}
