import { act, screen, waitFor, within } from '@testing-library/react'
import { GraphQLError } from 'graphql'
import { toast } from '../../shared/toast.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { aViewer, show } from '../../../tests/kit.tsx'
import { TicketSideHeadlineDocument } from './generated/Headline.ts'
import { TicketSide } from './side.tsx'
import { aClock, aDecision, aTicket, at, done, later, places, refused } from './side.test-kit.ts'

type Input = { input: Record<string, unknown> }

const shown = (answers: Record<string, unknown> = {}, viewer = aViewer) =>
  show(<TicketSide ticketId="ticket-12" />, { answers: { ticket: aTicket(), ...places, ...answers }, viewer })

afterEach(() => void toast.dismiss())

describe('next best actions', () => {
  it('are ticked off: the action is noted as done, and learnt from', async () => {
    const completeAction = vi.fn(({ input }: Input) =>
      done(aTicket({ actionItems: [item(String(input['actionId']))] })),
    )
    const recordOutcome = vi.fn((_: Input) => ({ accepted: 1, userErrors: [] }))
    const { user } = shown({ completeAction, recordOutcome })
    const panel = await screen.findByRole('region', { name: 'Next best actions' })
    expect(await within(panel).findByText('2 to do')).toBeDefined()
    expect(within(panel).getByText('192 days since the last purchase.')).toBeDefined()
    expect(within(panel).getByText('A customer since March.')).toBeDefined()
    await user.click(within(panel).getByRole('checkbox', { name: 'Answer now.' }))
    await within(panel).findByText('1 to do')
    expect(within(panel).getByRole('checkbox', { name: 'Answer now.' })).toHaveProperty('checked', true)
    await waitFor(() => expect(recordOutcome).toHaveBeenCalled())
    expect(recordOutcome.mock.calls[0]?.[0].input).toEqual({ actionId: 'action-1', outcome: 'TAKEN' })
  })

  it('stay undone where that is refused', async () => {
    const recordOutcome = vi.fn()
    const answer = later<object>()
    const { user } = shown({ completeAction: () => answer.promise, recordOutcome })
    await user.click(await screen.findByRole('checkbox', { name: 'Answer now.' }))
    expect(await screen.findByText('1 to do')).toBeDefined()
    await act(async () => answer.resolve(refused('FORBIDDEN', 'Take the ticket first: it is nobody’s.')))
    expect(await screen.findByText('The action was not noted as done')).toBeDefined()
    expect(screen.getByRole('checkbox', { name: 'Answer now.' })).toHaveProperty('checked', false)
    expect(recordOutcome).not.toHaveBeenCalled()
  })

  it('are dismissed, and come back where that could not be told', async () => {
    const answer = later<object>()
    const { user } = shown({ recordOutcome: () => answer.promise })
    await user.click(await screen.findByRole('button', { name: 'Dismiss: Offer 5% off.' }))
    expect(await screen.findByText(/^Dismissed/)).toBeDefined()
    await act(async () =>
      answer.resolve({ accepted: 0, userErrors: [{ code: 'NOT_FOUND', message: 'No such action.', path: null }] }),
    )
    expect(await screen.findByText('No such action.')).toBeDefined()
    expect(screen.queryByText(/^Dismissed/)).toBeNull()
  })

  it('are said to be missing while Intelligence is away, and hide nothing else', async () => {
    const away = () => {
      throw new GraphQLError('away', { extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'intelligence' } })
    }
    shown({ ticket: aTicket({ nextBestActions: away, triage: away, sla: [aClock()] }) })
    expect(await screen.findByText('What to do next cannot be shown at the moment.')).toBeDefined()
    expect(await screen.findByText('What was read from the conversation cannot be shown at the moment.')).toBeDefined()
    expect(screen.getByRole('timer', { name: /First response/ })).toBeDefined()
    expect(screen.getByRole('button', { name: /Undo: Priority/ })).toBeDefined()
  })
})

const item = (id: string) => ({ id, action: id, outcome: 'Answer now.', completedAt: at(6), completedBy: null })

describe('automatic decisions', () => {
  const two = () => [
    aDecision({ id: 'decision-2', field: 'TAG', from: null, to: 'vip', explanation: 'A VIP.', madeAt: at(6) }),
    aDecision(),
  ]

  it('are taken back with U, the newest that stands first, shown struck with when', async () => {
    const answer = later<object>()
    const undoDecision = vi.fn((_: Input) => answer.promise)
    const { user } = shown({ ticket: aTicket({ decisions: two() }), undoDecision })
    expect(await screen.findByRole('button', { name: 'Undo: Tag “vip” added' })).toBeDefined()
    await user.keyboard('u')
    expect(await screen.findByText(/^Taken back/)).toBeDefined()
    expect(undoDecision.mock.calls[0]?.[0].input).toEqual({ decisionId: 'decision-2' })
    const [newest, older] = two()
    await act(async () => answer.resolve(done(aTicket({ decisions: [{ ...newest, undoneAt: at(7) }, older] }))))
    expect(screen.getByText('Tag “vip” added').tagName).toBe('S')
    expect(screen.queryByRole('button', { name: 'Undo: Tag “vip” added' })).toBeNull()
    expect(
      screen.getByRole('button', { name: 'Undo: Priority: normal → urgent' }).getAttribute('aria-keyshortcuts'),
    ).toBe('U')
  })

  it('stand again where taking back is refused, and the reason is told', async () => {
    const answer = later<object>()
    const { user } = shown({ undoDecision: () => answer.promise })
    await user.click(await screen.findByRole('button', { name: 'Undo: Priority: normal → urgent' }))
    expect(await screen.findByText(/^Taken back/)).toBeDefined()
    await act(async () => answer.resolve(refused('CONFLICT', 'The priority has changed since.')))
    expect(await screen.findByText('The priority has changed since.')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Undo: Priority: normal → urgent' })).toBeDefined()
    expect(screen.queryByText(/^Taken back/)).toBeNull()
  })

  it('cannot be taken back by who may not change the ticket', async () => {
    const undoDecision = vi.fn()
    const { user } = shown({ undoDecision }, { ...aViewer, permissions: ['ticket:read_all', 'ticket:update_own'] })
    expect(await screen.findByText('Priority: normal → urgent')).toBeDefined()
    expect(screen.queryByRole('button', { name: /^Undo/ })).toBeNull()
    await user.keyboard('u')
    expect(undoDecision).not.toHaveBeenCalled()
  })
})

describe('the smart score', () => {
  it('shows every part, and the shown parts add up to the shown total', async () => {
    shown()
    const panel = await screen.findByRole('region', { name: 'Smart score' })
    const rows = within(panel).getAllByRole('row').slice(1)
    const points = rows.map((row) => within(row).getByRole('cell').textContent)
    expect(points).toEqual(['+9.0', '+6.0', '+2.9', '+0.2', '0.0', '18.1'])
    expect(within(panel).getByText(/Churn risk 96 %/)).toBeDefined()
  })
})

describe('what the side keeps and follows', () => {
  it('remembers at this browser which parts are closed', async () => {
    const { user, unmount } = shown()
    await user.click(await screen.findByRole('button', { name: /Smart score/ }))
    expect(screen.queryByRole('table', { name: 'The parts of the score' })).toBeNull()
    unmount()
    shown()
    expect((await screen.findByRole('button', { name: /Smart score/ })).getAttribute('aria-expanded')).toBe('false')
  })

  it('reads advice again when an event changed the ticket', async () => {
    const plan = { ...aTicket().nextBestActions, warnings: ['They wrote to the press.'] }
    const ticket = vi
      .fn()
      .mockReturnValueOnce(aTicket())
      .mockReturnValue(aTicket({ nextBestActions: plan, updatedAt: at(8) }))
    const { graph } = shown({ ticket: () => ticket() as unknown })
    await screen.findByRole('region', { name: 'Next best actions' })
    act(() => {
      graph.apollo.cache.updateQuery({ query: TicketSideHeadlineDocument, variables: { id: 'ticket-12' } }, (data) =>
        data?.ticket ? { ...data, ticket: { ...data.ticket, updatedAt: at(8) } } : data,
      )
    })
    expect(await screen.findByText('They wrote to the press.')).toBeDefined()
  })

  it('tells the history in words, names the rule behind a change, and reads page by page', async () => {
    const rule = { __typename: 'SystemActor', kind: 'AUTOMATION', name: 'Money first' }
    const zoe = { __typename: 'Customer', id: 'customer-1', name: 'Zoe Novak' }
    const event = (id: string, type: string, actor: object, rest: object = {}) => ({
      ...{ id, type, actor, occurredAt: at(1), causedBy: null, changes: [] },
      ...rest,
    })
    const pages: Record<string, object> = {
      first: { nodes: [event('e1', 'MESSAGE_RECEIVED', zoe)], pageInfo: { hasNextPage: true, endCursor: 'c1' } },
      c1: {
        nodes: [
          event('e2', 'ASSIGNED', rule, {
            causedBy: 'e1',
            changes: [{ field: 'assigneeId', from: null, to: 'agent-ravi' }],
          }),
        ],
        pageInfo: { hasNextPage: false, endCursor: 'c2' },
      },
    }
    const events = ({ after }: { after?: string | null }) => pages[after ?? 'first']
    const { user } = shown({ ticket: aTicket({ events }) })
    await user.click(await screen.findByRole('button', { name: 'History' }))
    const list = await screen.findByRole('list', { name: 'Events' })
    const [newest, oldest] = await waitFor(() => {
      const rows = within(list).getAllByRole('listitem')
      expect(rows).toHaveLength(2)
      return rows
    })
    await waitFor(() => expect(newest?.textContent).toContain('The rule “Money first” gave it to Ravi Menon'))
    expect(newest?.textContent).toContain('because Zoe Novak wrote')
    expect(oldest?.textContent).toContain('Zoe Novak wrote')
  })
})
