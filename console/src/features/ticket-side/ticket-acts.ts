import { useNavigate } from '@tanstack/react-router'
import { toast } from '../../shared/toast.ts'
import type { TicketPriority, WaitingOn } from '../../graph/generated/schema.ts'
import { formatDateTime, words } from '../../shared/format.ts'
import { useInboxNeighbours } from '../inbox/neighbours.ts'
import {
  TicketSideAssignDocument,
  TicketSideAutoAssignDocument,
  TicketSideCancelFollowUpDocument,
  TicketSideSetStatusDocument,
  TicketSideSnoozeDocument,
  TicketSideTagDocument,
  TicketSideUntagDocument,
  TicketSideUpdateDocument,
} from './generated/Changes.ts'
import type { TicketNow } from './use-ticket.ts'
import { useTicketChange } from './use-changes.ts'

export type TicketActs = ReturnType<typeof useTicketActs>

/** What is done with a ticket at one stroke. What needs an answer first has a panel or a dialog of its own. */
export function useTicketActs(ticket: TicketNow) {
  const [change, isBusy] = useTicketChange(ticket)
  const navigate = useNavigate()
  const neighbours = useInboxNeighbours(ticket.number)
  const { id, number, conversationRevision } = ticket

  const open = () =>
    change(
      TicketSideSetStatusDocument,
      { id, status: 'OPEN' },
      {
        refused: 'The ticket was not opened',
        patch: { status: 'OPEN', waitingOn: null, snoozedUntil: null, closedAt: null },
      },
    )

  const close = async () => {
    const patch = { status: 'CLOSED', waitingOn: null, snoozedUntil: null } as const
    const input = { id, status: 'CLOSED', expectedRevision: conversationRevision } as const
    const { isGood } = await change(TicketSideSetStatusDocument, input, { refused: 'The ticket was not closed', patch })
    if (isGood) toast.message(`#${number} is done`, { action: { label: 'Reopen', onClick: () => void open() } })
    return isGood
  }

  /** Closes, and goes on to the ticket that was below it. One that is refused stays in view. */
  const finish = async () => {
    const { next } = neighbours()
    if (!(await close())) return
    if (next === null) await navigate({ to: '/inbox', search: (kept) => kept })
    else await navigate({ to: '/inbox/$number', params: { number: String(next) }, search: (kept) => kept })
  }

  const wait = (waitingOn: WaitingOn) =>
    change(
      TicketSideSetStatusDocument,
      { id, status: 'PENDING', waitingOn },
      { refused: 'The ticket was not set to wait', patch: { status: 'PENDING', waitingOn, snoozedUntil: null } },
    )

  const snooze = async (until: string) => {
    const patch = { status: 'PENDING', waitingOn: 'SNOOZE', snoozedUntil: until } as const
    const told = { refused: 'The ticket was not snoozed', patch }
    const { isGood } = await change(TicketSideSnoozeDocument, { id, until }, told)
    if (isGood)
      toast.message(`#${number} sleeps until ${formatDateTime(until)}`, {
        action: { label: 'Wake it', onClick: () => void open() },
      })
  }

  const assign = (agent: { id: string; name: string; status: NonNullable<TicketNow['assignee']>['status'] } | null) =>
    change(
      TicketSideAssignDocument,
      { id, agentId: agent?.id ?? null },
      {
        refused: agent ? `The ticket was not given to ${agent.name}` : 'The ticket was not given back',
        patch: { assignee: agent && { __typename: 'Agent', id: agent.id, name: agent.name, status: agent.status } },
      },
    )

  const autoAssign = async () => {
    const outcome = await change(TicketSideAutoAssignDocument, { id }, { refused: 'Nobody was found for the ticket' })
    if (outcome.isGood && outcome.payload.explanation) toast.message(outcome.payload.explanation)
  }

  const prioritise = (priority: TicketPriority) =>
    change(
      TicketSideUpdateDocument,
      { id, priority },
      { refused: `The priority was not set to ${words(priority).toLowerCase()}`, patch: { priority } },
    )

  const enqueue = (queue: { id: string; name: string } | null) =>
    change(
      TicketSideUpdateDocument,
      { id, queueId: queue?.id ?? null },
      { refused: 'The queue was not changed', patch: { queue: queue && { __typename: 'Queue', ...queue } } },
    )

  const tag = (name: string, by: { id: string; name: string }) =>
    change(
      TicketSideTagDocument,
      { id, tags: [name] },
      {
        refused: `The tag “${name}” was not added`,
        patch: {
          tags: [
            ...ticket.tags,
            { __typename: 'Tag', name, confidence: null, addedBy: { __typename: 'Agent', id: by.id, name: by.name } },
          ],
        },
      },
    )

  const untag = (name: string) =>
    change(
      TicketSideUntagDocument,
      { id, tags: [name] },
      { refused: `The tag “${name}” was not removed`, patch: { tags: ticket.tags.filter((one) => one.name !== name) } },
    )

  const cancelFollowUp = () =>
    change(
      TicketSideCancelFollowUpDocument,
      { id },
      { refused: 'The follow-up was not taken back', patch: { followUpAt: null } },
    )

  return { open, finish, wait, snooze, assign, autoAssign, prioritise, enqueue, tag, untag, cancelFollowUp, isBusy }
}
