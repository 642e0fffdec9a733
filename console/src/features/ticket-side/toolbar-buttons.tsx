import { AlarmClock, Check, ChevronDown, Ellipsis, RotateCcw, Tag as TagIcon } from 'lucide-react'
import { Toolbar } from 'radix-ui'
import { Suspense } from 'react'
import { useQuery } from '@apollo/client/react'
import { formatDateTime, words } from '../../shared/format.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { lazyPart } from '../../ui/lazy-part.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Skeleton } from '../../ui/state.tsx'
import type { Abilities } from './abilities.ts'
import { TicketSidePlacesDocument } from './generated/Places.ts'
import { moreItems, priorityItems, queueItems, statusItems } from './menu-items.tsx'
import type { Panels } from './panels.ts'
import { priorityMark, statusWords } from './ticket-words.tsx'
import type { TicketActs } from './ticket-acts.ts'
import { ToolButton } from './tool-button.tsx'
import type { TicketNow } from './use-ticket.ts'

const AssignPanel = lazyPart(() => import('./assign-panel.tsx').then((module) => module.AssignPanel))
const SnoozePanel = lazyPart(() => import('./snooze-panel.tsx').then((module) => module.SnoozePanel))
const TagsPanel = lazyPart(() => import('./tags-panel.tsx').then((module) => module.TagsPanel))

export type Tooling = { ticket: TicketNow; acts: TicketActs; may: Abilities; panels: Panels }

/** The buttons of the toolbar: those that one may use. */
export function ToolbarButtons({ ticket, acts, may, panels }: Tooling) {
  const { data: places } = useQuery(TicketSidePlacesDocument)
  const isAssignable = may.assign || may.take || may.release
  const more = moreItems({ ticket, may, show: panels.show })
  return (
    <>
      {may.change && <DoneButton ticket={ticket} acts={acts} />}
      {may.change && ticket.mergedInto === null && (
        <Menu
          label="Status"
          items={statusItems(ticket, acts)}
          trigger={
            <ToolButton label={`Status: ${statusWords(ticket)}`}>
              <span className="truncate">{statusWords(ticket)}</span>
              <Down />
            </ToolButton>
          }
        />
      )}
      {isAssignable && <AssignButton {...{ ticket, acts, may, panels }} />}
      {may.change && (
        <>
          {ticket.status !== 'CLOSED' && <SnoozeButton {...{ ticket, acts, may, panels }} />}
          <Toolbar.Separator className="mx-1 h-5 w-px bg-line max-sm:hidden" />
          <Menu
            label="Priority"
            items={priorityItems(ticket, acts)}
            trigger={
              <ToolButton label={`Priority: ${words(ticket.priority)}`}>
                {priorityMark(ticket.priority)}
                {words(ticket.priority)}
                <Down />
              </ToolButton>
            }
          />
          <Menu
            label="Queue"
            items={queueItems(ticket, acts, places?.queues ?? [])}
            trigger={
              <ToolButton label={`Queue: ${ticket.queue?.name ?? 'No queue'}`}>
                <span className="truncate">{ticket.queue?.name ?? 'No queue'}</span>
                <Down />
              </ToolButton>
            }
          />
          <TagsButton {...{ ticket, acts, may, panels }} />
        </>
      )}
      {more.length > 0 && (
        <Menu
          label="More"
          items={more}
          trigger={
            <ToolButton isIcon label="More" className="ml-auto">
              <Ellipsis aria-hidden className="size-4" />
            </ToolButton>
          }
        />
      )}
    </>
  )
}

const Down = () => <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
const Loading = () => <Skeleton className="m-2 h-24" />

function DoneButton({ ticket, acts }: Pick<Tooling, 'ticket' | 'acts'>) {
  if (ticket.mergedInto) return null
  if (ticket.status === 'CLOSED')
    return (
      <ToolButton label="Reopen" onClick={() => void acts.open()}>
        <RotateCcw aria-hidden className="size-4" />
        Reopen
      </ToolButton>
    )
  return (
    <ToolButton isPrimary label="Done" shortcut="e" className="mr-1 px-3!" onClick={() => void acts.finish()}>
      <Check aria-hidden className="size-4" />
      Done
    </ToolButton>
  )
}

const toggle =
  ({ show }: Panels, panel: 'assign' | 'snooze' | 'tags') =>
  (isOpen: boolean) =>
    show(isOpen ? panel : null)

function AssignButton({ ticket, acts, may, panels }: Tooling) {
  const holder = ticket.assignee?.name ?? 'Nobody'
  return (
    <Popover
      isOpen={panels.open === 'assign'}
      onOpenChange={toggle(panels, 'assign')}
      label="Assign"
      className="w-80"
      trigger={
        <ToolButton label={`Assignee: ${holder}`} shortcut="a">
          {ticket.assignee && <Avatar name={holder} className="size-5" />}
          <span className={ticket.assignee ? 'truncate' : 'truncate text-ink-faint'}>{holder}</span>
          <Down />
        </ToolButton>
      }
    >
      <Suspense fallback={<Loading />}>
        <AssignPanel {...{ ticket, acts, may, panels }} />
      </Suspense>
    </Popover>
  )
}

function SnoozeButton({ ticket, acts, panels }: Tooling) {
  const until = ticket.snoozedUntil
  return (
    <Popover
      isOpen={panels.open === 'snooze'}
      onOpenChange={toggle(panels, 'snooze')}
      label="Snooze"
      className="w-80"
      trigger={
        <ToolButton isIcon label={until ? `Snoozed until ${formatDateTime(until)}` : 'Snooze'} shortcut="s">
          <AlarmClock aria-hidden className={until ? 'size-4 text-accent' : 'size-4'} />
        </ToolButton>
      }
    >
      <Suspense fallback={<Loading />}>
        <SnoozePanel ticket={ticket} acts={acts} onClose={() => panels.show(null)} />
      </Suspense>
    </Popover>
  )
}

function TagsButton({ ticket, acts, panels }: Tooling) {
  return (
    <Popover
      isOpen={panels.open === 'tags'}
      onOpenChange={toggle(panels, 'tags')}
      label="Tags"
      trigger={
        <ToolButton isIcon label="Tags">
          <TagIcon aria-hidden className="size-4" />
        </ToolButton>
      }
    >
      <Suspense fallback={<Loading />}>
        <TagsPanel ticket={ticket} acts={acts} />
      </Suspense>
    </Popover>
  )
}
