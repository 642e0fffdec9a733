import { isAddressed } from '@quimbi/service/audience.ts'
import type { AgentRole, Viewer } from '@quimbi/service/viewer.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TicketFilter } from '../../generated/resolvers.ts'
import { maySee } from '../agents/permissions.ts'
import type { TicketEntry } from '../log/entries.ts'
import { addressed, audienceOf, sightOf } from './audience.ts'
import { shownTo } from './visibility.ts'

const viewer = (agentId: string, role: AgentRole): Viewer => ({
  ...{ kind: 'agent', tenantId: 't', agentId, sessionId: 's', role },
  expiresAt: new Date(0),
})
const entry = (before: string | null, after: string | null, from: string, to: string): TicketEntry => ({
  ...{ tenantId: 't', sequence: 7n, eventId: 'e', type: 'TICKET_UPDATED', occurredAt: new Date(0), ticketId: 'ticket' },
  payload: {
    actor: { kind: 'agent', id: 'leo' },
    changes: [
      ...(before === after ? [] : [{ field: 'assigneeId', from: before, to: after }]),
      ...(from === to ? [] : [{ field: 'status', from, to }]),
    ],
    view: {
      ...{ number: 1, status: to, waitingOn: null, priority: 'HIGH', channel: 'EMAIL', customerId: 'c', teamId: null },
      ...{ assigneeId: after, queueId: null, category: null, tags: [], slaStatus: null, isDemo: false },
      createdAt: '2026-11-21T10:00:00.000Z',
    },
  },
})

const owners = fc.constantFrom(null, 'mia', 'leo', 'ana')
const states = fc.constantFrom('OPEN', 'PENDING', 'CLOSED')
const filters = fc.constantFrom<TicketFilter | null>(
  ...[null, { status: ['OPEN'] as const }, { unassigned: true }, { unassigned: false }, { assigneeId: 'mia' }].map(
    (filter) => filter as TicketFilter | null,
  ),
)
const watchers = fc.record({
  agentId: fc.constantFrom('mia', 'leo', 'ana', 'eva'),
  role: fc.constantFrom<AgentRole>('AGENT', 'SENIOR_AGENT', 'ADMIN'),
})

describe('what the gateway is told for everybody', () => {
  it('is, for each agent, exactly what that agent would be told', () => {
    fc.assert(
      fc.property(owners, owners, states, states, filters, watchers, (before, after, from, to, filter, watcher) => {
        const one = entry(before, after, from, to)
        const { agentId, role } = watcher
        const told = addressed(filter, one)
          .filter(({ audience }) => isAddressed({ agentId, overseer: role !== 'AGENT' }, audience))
          .map(({ type, payload }) => ({ type, payload }))
        const shown = shownTo(viewer(agentId, role), filter, one)
        expect(told).toEqual(shown ? [{ type: shown.type, payload: shown.payload }] : [])
      }),
      { numRuns: 2_000 },
    )
  })

  it('is never more than two, and nothing of an entry without a view', () => {
    const two = addressed(null, entry('mia', 'leo', 'OPEN', 'OPEN'))
    expect(two.map(({ type }) => type)).toEqual(['TICKET_UPDATED', 'LEFT_VIEW'])
    expect(addressed(null, { ...entry(null, null, 'OPEN', 'OPEN'), payload: null as never })).toEqual([])
  })

  it('is for nobody, of an entry that was not told as one of a shared stream', () => {
    const audience = audienceOf(entry(null, null, 'OPEN', 'OPEN'))
    expect(isAddressed({ agentId: 'mia', overseer: true }, audience)).toBe(false)
    expect(isAddressed({ agentId: 'mia', overseer: false }, audience)).toBe(false)
  })
})

describe('who may see tickets as they are now', () => {
  it('is who may see each of them', () => {
    const tickets = fc.array(fc.record({ assigneeId: owners }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(tickets, watchers, (all, { agentId, role }) => {
        const sight = sightOf(all)
        const expected = all.every((ticket) => maySee(viewer(agentId, role), ticket))
        expect(sight && isAddressed({ agentId, overseer: role !== 'AGENT' }, sight)).toBe(expected)
      }),
    )
  })

  it('is of those that are not gone', () => {
    expect(sightOf([])).toBeNull()
    expect(sightOf([null])).toBeNull()
    expect(sightOf([{ assigneeId: 'mia' }, null])).toEqual(sightOf([{ assigneeId: 'mia' }]))
  })
})
