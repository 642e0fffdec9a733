import type { FieldChange } from '@quimbi/service/field-changes.ts'
import type { AgentRole, Viewer } from '@quimbi/service/viewer.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TicketFilter } from '../../generated/resolvers.ts'
import type { TicketEntry } from '../log/entries.ts'
import type { TicketView } from '../log/ticket-events.ts'
import { passes, shownTo } from './visibility.ts'

const agent = (role: AgentRole): Viewer => ({
  kind: 'agent',
  tenantId: 't',
  agentId: 'mia',
  sessionId: 's',
  role,
  expiresAt: new Date(0),
})
const view: TicketView = {
  number: 1,
  status: 'OPEN',
  waitingOn: null,
  priority: 'HIGH',
  channel: 'EMAIL',
  customerId: 'c',
  assigneeId: null,
  teamId: 'team',
  queueId: 'queue',
  category: 'REFUND',
  tags: ['vip', 'late'],
  slaStatus: 'BREACHING',
  isDemo: false,
  createdAt: '2026-11-21T10:00:00.000Z',
}
const entry = (after: Partial<TicketView>, ...changes: FieldChange[]): TicketEntry => ({
  tenantId: 't',
  sequence: 7n,
  eventId: 'e',
  type: 'TICKET_UPDATED',
  occurredAt: new Date(0),
  ticketId: 'ticket',
  payload: {
    actor: { kind: 'agent', id: 'leo' },
    reason: 'because',
    messageId: 'm',
    changes,
    view: { ...view, ...after },
  },
})
const moved = (field: string, from: unknown, to: unknown): FieldChange => ({ field, from, to })

describe('what an agent is told of an event', () => {
  it.each([
    ['nobody’s', null, null, 'TICKET_UPDATED'],
    ['their own', 'mia', 'mia', 'TICKET_UPDATED'],
    ['taken', null, 'mia', 'TICKET_UPDATED'],
    ['given to them', 'leo', 'mia', 'TICKET_UPDATED'],
    ['given back', 'leo', null, 'TICKET_UPDATED'],
    ['given away', 'mia', 'leo', 'LEFT_VIEW'],
    ['taken by another', null, 'leo', 'LEFT_VIEW'],
    ['another’s', 'leo', 'leo', undefined],
    ['from another to another', 'leo', 'ana', undefined],
  ])('of a ticket that is %s', (_, before, after, told) => {
    const changes = before === after ? [] : [moved('assigneeId', before, after)]
    expect(shownTo(agent('AGENT'), null, entry({ assigneeId: after }, ...changes))?.type).toBe(told)
    expect(shownTo(agent('SENIOR_AGENT'), null, entry({ assigneeId: after }, ...changes))?.type).toBe('TICKET_UPDATED')
  })

  it('says nothing in LEFT_VIEW but that it left', () => {
    const told = shownTo(agent('AGENT'), null, entry({ assigneeId: 'leo' }, moved('assigneeId', 'mia', 'leo')))
    expect(told).toMatchObject({ type: 'LEFT_VIEW', eventId: 'e', sequence: 7n, ticketId: 'ticket' })
    expect(told?.payload).toEqual({
      actor: { kind: 'agent', id: 'leo' },
      changes: [],
      view: expect.objectContaining({ assigneeId: 'leo' }),
    })
  })

  it('is nothing for a partner, and nothing of an entry without a view', () => {
    expect(
      shownTo({ kind: 'partner', tenantId: 't', keyId: 'k', scopes: [], requestsPerMinute: 1_000 }, null, entry({})),
    ).toBeNull()
    const bare = { ...entry({}), payload: null as never }
    expect(shownTo(agent('ADMIN'), null, bare)).toBeNull()
  })

  it('is LEFT_VIEW where a ticket leaves the filter', () => {
    const filter: TicketFilter = { status: ['OPEN'] }
    const closed = entry({ status: 'CLOSED' }, moved('status', 'OPEN', 'CLOSED'))
    expect(shownTo(agent('ADMIN'), filter, closed)?.type).toBe('LEFT_VIEW')
    expect(shownTo(agent('ADMIN'), filter, entry({ status: 'CLOSED' }))).toBeNull()
    expect(shownTo(agent('ADMIN'), filter, entry({}, moved('status', 'CLOSED', 'OPEN')))?.type).toBe('TICKET_UPDATED')
  })

  it('tells in sum exactly which tickets are in view, whatever happens to them', () => {
    const owners = fc.constantFrom(null, 'mia', 'leo')
    const statuses = fc.constantFrom('OPEN', 'PENDING', 'CLOSED')
    const steps = fc.array(fc.record({ assigneeId: owners, status: statuses }), { minLength: 1, maxLength: 20 })
    const filters = fc.constantFrom<TicketFilter | null>(null, { status: ['OPEN', 'PENDING'] }, { unassigned: true })
    fc.assert(
      fc.property(steps, filters, fc.constantFrom<AgentRole>('AGENT', 'ADMIN'), (history, filter, role) => {
        let isShown = false
        let before = { assigneeId: null as string | null, status: 'NEW' }
        for (const after of history) {
          const changes = (['assigneeId', 'status'] as const)
            .filter((field) => before[field] !== after[field])
            .map((field) => moved(field, before[field], after[field]))
          const told = shownTo(agent(role), filter, entry(after, ...changes))
          // LEFT_VIEW comes only of what was in view: nobody learns of what they never saw.
          if (told?.type === 'LEFT_VIEW' && before.status !== 'NEW') expect(isShown).toBe(true)
          if (told) isShown = told.type !== 'LEFT_VIEW'
          const owns = role === 'ADMIN' || after.assigneeId !== 'leo'
          expect(isShown).toBe(owns && passes({ ...view, ...after }, filter))
          before = after
        }
      }),
    )
  })
})

describe('a filter', () => {
  it.each<[TicketFilter, boolean]>([
    [{}, true],
    [{ status: ['OPEN', 'PENDING'] }, true],
    [{ status: [] }, false],
    [{ channel: ['SMS'] }, false],
    [{ priority: ['HIGH'] }, true],
    [{ slaStatus: ['BREACHING'] }, true],
    [{ slaStatus: ['ACHIEVED'] }, false],
    [{ assigneeId: 'mia' }, false],
    [{ unassigned: true }, true],
    [{ unassigned: false }, false],
    [{ queueId: 'queue', teamId: 'team', customerId: 'c', category: 'REFUND' }, true],
    [{ queueId: 'other' }, false],
    [{ tag: 'vip' }, true],
    [{ tag: 'vi' }, false],
    [{ createdAfter: new Date(view.createdAt) }, true],
    [{ createdBefore: new Date(view.createdAt) }, false],
  ])('%o', (filter, expected) => {
    expect(passes(view, filter)).toBe(expected)
  })
})
