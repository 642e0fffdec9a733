import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { words } from '../../shared/format.ts'
import type { MenuItem } from '../../ui/menu.tsx'
import type { Abilities } from './abilities.ts'
import type { Panel } from './panels.ts'
import { priorities, priorityMark } from './ticket-words.tsx'
import type { TicketActs } from './ticket-acts.ts'
import type { TicketNow } from './use-ticket.ts'

/** The one that holds has a tick; the others keep its place. */
const ticked = (holds: boolean): ReactNode =>
  holds ? <Check aria-hidden className="size-4 text-accent" /> : <span aria-hidden className="size-4" />

export function statusItems({ status, waitingOn }: TicketNow, acts: TicketActs): MenuItem[] {
  const waits = (on: string) => status === 'PENDING' && waitingOn === on
  const item = (id: string, label: string, holds: boolean, run: () => unknown): MenuItem => ({
    id,
    label: holds ? `${label} (now)` : label,
    icon: ticked(holds),
    run: () => void run(),
  })
  const open = item('open', 'Open', status === 'OPEN', acts.open)
  if (status === 'CLOSED') return [open, item('closed', 'Closed', true, () => undefined)]
  return [
    open,
    item('customer', 'Waits for the customer', waits('CUSTOMER'), () => acts.wait('CUSTOMER')),
    item('third-party', 'Waits for a third party', waits('THIRD_PARTY'), () => acts.wait('THIRD_PARTY')),
    item('closed', 'Closed', false, acts.finish),
  ]
}

export const priorityItems = ({ priority }: TicketNow, acts: TicketActs): MenuItem[] =>
  priorities.map((one) => ({
    id: one,
    label: one === priority ? `${words(one)} (now)` : words(one),
    icon: priorityMark(one),
    run: () => void acts.prioritise(one),
  }))

type Queue = { id: string; name: string }

export const queueItems = ({ queue }: TicketNow, acts: TicketActs, queues: readonly Queue[]): MenuItem[] => [
  ...queues.map(({ id, name }): MenuItem => ({
    id,
    label: id === queue?.id ? `${name} (now)` : name,
    icon: ticked(id === queue?.id),
    run: () => void acts.enqueue({ id, name }),
  })),
  ...(queue
    ? ([
        { id: 'line', separator: true },
        { id: 'none', label: 'Take it out of its queue', icon: ticked(false), run: () => void acts.enqueue(null) },
      ] satisfies MenuItem[])
    : []),
]

/** The menu gives the focus back to its button a moment after it closed; a dialog that opens sooner would not know where to give it back to. */
const afterMenuMs = 30

type More = { ticket: TicketNow; may: Abilities; show: (panel: Panel) => void }

export function moreItems({ ticket, may, show }: More): MenuItem[] {
  const items = moreActs(ticket, may).map(([panel, label]): MenuItem => ({
    id: panel,
    label,
    isDanger: panel === 'delete',
    run: () => void setTimeout(() => show(panel), afterMenuMs),
  }))
  const hasLine = may.delete && items.length > 1
  return hasLine ? [...items.slice(0, -1), { id: 'line', separator: true }, ...items.slice(-1)] : items
}

/** What else can be done with it, as it stands; commands and menu are the same list. */
export function moreActs({ status, mergedInto }: TicketNow, may: Abilities): [Panel, string][] {
  const isOver = mergedInto !== null
  const isClosed = status === 'CLOSED'
  return [
    ...(may.change && !isClosed
      ? ([
          ['transfer', 'Hand on …'],
          ['escalate', 'Escalate …'],
        ] as [Panel, string][])
      : []),
    ...(may.change && !isOver
      ? ([
          ['followUp', 'Plan a follow-up …'],
          ['edit', 'Subject and category …'],
          ['merge', 'Merge into another ticket …'],
          ['split', 'Split messages off …'],
        ] as [Panel, string][])
      : []),
    ...(may.delete ? ([['delete', 'Delete …']] as [Panel, string][]) : []),
  ]
}
