import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { dueSteps } from '../src/tickets/timers.ts'
import { changeTicket } from '../src/tickets/change.ts'
import { systemActor } from '../src/log/actors.ts'
import { openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'
import { aShop, change, historyOf, lengthOf } from './lifecycle-kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const after = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000)
const opened = ['TICKET_CREATED', 'MESSAGE_RECEIVED']

/** Calls a mutation and tells what it wrote into the ticket's log. */
async function told(ask: Ask, ticket: { tenantId: string; id: string }, name: string, input: object) {
  const before = await historyOf(support, ticket)
  const answer = await change(ask, name, input)
  expect(answer.userErrors).toEqual([])
  return (await historyOf(support, ticket)).slice(before.length)
}

describe('each change is its events', () => {
  it.each([
    ['updateTicket', { subject: 'Later', category: 'shipping' }, ['TICKET_UPDATED']],
    ['updateTicket', { priority: 'URGENT' }, ['PRIORITY_CHANGED']],
    ['updateTicket', { priority: 'LOW', subject: 'Later' }, ['TICKET_UPDATED', 'PRIORITY_CHANGED']],
    ['updateTicket', { priority: 'NORMAL' }, []],
    ['setTicketStatus', { status: 'PENDING', waitingOn: 'CUSTOMER' }, ['STATUS_CHANGED']],
    ['setTicketStatus', { status: 'CLOSED' }, ['STATUS_CHANGED']],
    ['setTicketStatus', { status: 'OPEN' }, []],
    ['snoozeTicket', { until: after(60) }, ['SNOOZED']],
    ['scheduleFollowUp', { at: after(60), note: 'Ring them.' }, ['TICKET_UPDATED']],
    ['cancelFollowUp', {}, []],
    ['tagTicket', { tags: ['late', ' vip '] }, ['TAGGED']],
    ['tagTicket', { tags: [] }, []],
    ['untagTicket', { tags: ['late'] }, []],
    ['escalateTicket', { reason: 'They shout.' }, ['ESCALATED']],
    ['escalateTicket', { reason: 'They shout.', toTeamId: null }, ['ESCALATED']],
  ])('%s %j: %j', async (name, input, types) => {
    const { tenant, agent, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    const events = await told(ask, ticket, name, { id: ticket.id, ...input })
    expect(events.map(({ type }) => type)).toEqual(types)
    for (const { payload } of events) expect(payload.actor).toEqual({ kind: 'agent', id: agent.id })
  })

  it('with what changed from and to', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    const [updated] = await told(ask, ticket, 'updateTicket', { id: ticket.id, subject: 'B', category: 'billing' })
    expect(updated?.payload.changes).toEqual([
      { field: 'subject', from: 'Where is my order?', to: 'B' },
      { field: 'category', from: null, to: 'billing' },
    ])
    const [tagged] = await told(ask, ticket, 'tagTicket', { id: ticket.id, tags: ['a', 'b'] })
    expect(tagged?.payload.changes).toEqual([{ field: 'tags', from: [], to: ['a', 'b'] }])
    const [untagged] = await told(ask, ticket, 'untagTicket', { id: ticket.id, tags: ['a', 'x'] })
    expect(untagged?.payload.changes).toEqual([{ field: 'tags', from: ['a', 'b'], to: ['b'] }])
    const [closed] = await told(ask, ticket, 'setTicketStatus', { id: ticket.id, status: 'CLOSED' })
    expect(closed?.payload.changes).toEqual([
      { field: 'status', from: 'OPEN', to: 'CLOSED' },
      { field: 'closedAt', from: null, to: start.toISOString() },
    ])
    expect(closed?.payload.view.status).toBe('CLOSED')
  })
})

describe('a refused change', () => {
  const long = 'x'.repeat(301)
  it.each([
    ['updateTicket', { subject: ' ' }, 'REQUIRED', 'subject'],
    ['updateTicket', { subject: long }, 'TOO_LONG', 'subject'],
    ['updateTicket', { subject: 'a\u0000b' }, 'INVALID', 'subject'],
    ['updateTicket', { category: long }, 'TOO_LONG', 'category'],
    ['updateTicket', { queueId: 'x' }, 'NOT_FOUND', 'queueId'],
    ['updateTicket', { queueId: crypto.randomUUID() }, 'NOT_FOUND', 'queueId'],
    ['updateTicket', { subject: 'B', expectedRevision: 'r0' }, 'CONVERSATION_ADVANCED', 'expectedRevision'],
    ['updateTicket', { subject: 'B', expectedRevision: '1' }, 'INVALID', 'expectedRevision'],
    ['setTicketStatus', { status: 'PENDING' }, 'REQUIRED', 'waitingOn'],
    ['setTicketStatus', { status: 'PENDING', waitingOn: 'SNOOZE' }, 'INVALID', 'waitingOn'],
    ['setTicketStatus', { status: 'OPEN', waitingOn: 'CUSTOMER' }, 'INVALID', 'waitingOn'],
    ['setTicketStatus', { status: 'CLOSED', expectedRevision: 'r9' }, 'CONVERSATION_ADVANCED', 'expectedRevision'],
    ['snoozeTicket', { until: after(0.5) }, 'INVALID', 'until'],
    ['snoozeTicket', { until: after(-60) }, 'INVALID', 'until'],
    ['snoozeTicket', { until: after(60 * 24 * 400) }, 'INVALID', 'until'],
    ['scheduleFollowUp', { at: after(0) }, 'INVALID', 'at'],
    ['scheduleFollowUp', { at: after(60 * 24 * 3_000) }, 'INVALID', 'at'],
    ['scheduleFollowUp', { at: after(1), note: 'x'.repeat(1_001) }, 'TOO_LONG', 'note'],
    ['tagTicket', { tags: [' '] }, 'REQUIRED', 'tags'],
    ['tagTicket', { tags: ['x'.repeat(101)] }, 'TOO_LONG', 'tags'],
    ['tagTicket', { tags: ['a\u001b'] }, 'INVALID', 'tags'],
    ['tagTicket', { tags: Array.from({ length: 51 }, (_, n) => `${n}`) }, 'LIMIT_EXCEEDED', 'tags'],
    ['escalateTicket', { reason: '' }, 'REQUIRED', 'reason'],
    ['escalateTicket', { reason: 'x'.repeat(1_001) }, 'TOO_LONG', 'reason'],
    ['escalateTicket', { reason: 'a', toTeamId: 'x' }, 'NOT_FOUND', 'toTeamId'],
    ['splitTicket', { messageIds: [], subject: 'a' }, 'REQUIRED', 'messageIds'],
    ['splitTicket', { messageIds: ['x'], subject: 'a' }, 'NOT_FOUND', 'messageIds'],
    ['splitTicket', { messageIds: [], subject: '' }, 'REQUIRED', 'subject'],
  ])('%s %j is %s at %s and leaves no event', async (name, input, code, field) => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    const length = await lengthOf(support, tenant)
    const { ticket: none, userErrors } = await change(ask, name, { id: ticket.id, ...input })
    expect([none, userErrors]).toEqual([null, refusal(code, 'input', field)])
    expect(await lengthOf(support, tenant)).toBe(length)
  })

  it.each([
    ['updateTicket', { subject: 'B' }],
    ['setTicketStatus', { status: 'CLOSED' }],
    ['snoozeTicket', { until: after(60) }],
    ['scheduleFollowUp', { at: after(60) }],
    ['cancelFollowUp', {}],
    ['tagTicket', { tags: ['a'] }],
    ['untagTicket', { tags: ['a'] }],
    ['escalateTicket', { reason: 'a' }],
    ['splitTicket', { messageIds: [crypto.randomUUID()], subject: 'a' }],
  ])('%s: another tenant’s ticket, an unknown one and no id are not found', async (name, input) => {
    const { ask } = await aShop(support)
    const theirs = await support.aTicket(await support.aTenant())
    for (const id of [theirs.id, crypto.randomUUID(), "' or 1=1", '']) {
      expect((await change(ask, name, { id, ...input })).userErrors, id).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    }
    expect((await historyOf(support, theirs)).map(({ type }) => type)).toEqual(opened)
  })

  it.each(['updateTicket', 'setTicketStatus', 'tagTicket', 'escalateTicket', 'snoozeTicket', 'scheduleFollowUp'])(
    '%s: the role AGENT changes its own tickets, takes what is nobody’s first, and sees no other',
    async (name) => {
      const { tenant, agent, ask } = await aShop(support, 'AGENT')
      const other = await support.anAgent(tenant)
      const inputs = {
        updateTicket: { subject: 'B' },
        setTicketStatus: { status: 'CLOSED' },
        tagTicket: { tags: ['a'] },
        escalateTicket: { reason: 'a' },
        snoozeTicket: { until: after(60) },
        scheduleFollowUp: { at: after(60) },
      }
      const input = inputs[name as keyof typeof inputs]
      const codes: (string | undefined)[] = []
      for (const assigneeId of [agent.id, null, other.id]) {
        const { id } = await support.aTicket(tenant, {}, { assigneeId })
        codes.push((await change(ask, name, { id, ...input })).userErrors[0]?.code)
      }
      expect(codes).toEqual([undefined, 'FORBIDDEN', 'NOT_FOUND'])
    },
  )
})

describe('states', () => {
  it('a closed ticket is reopened before it waits', async () => {
    const { tenant, ask } = await aShop(support)
    const { id } = await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: start })
    const refused = refusal('INVALID_TRANSITION', 'input', 'status')
    const pending = { id, status: 'PENDING', waitingOn: 'CUSTOMER' }
    expect((await change(ask, 'setTicketStatus', pending)).userErrors).toEqual(refused)
    expect((await change(ask, 'snoozeTicket', { id, until: after(60) })).userErrors).toEqual(
      refusal('INVALID_TRANSITION', 'input', 'id'),
    )
    expect((await change(ask, 'escalateTicket', { id, reason: 'a' })).userErrors).toEqual(
      refusal('INVALID_TRANSITION', 'input', 'id'),
    )
    expect((await change(ask, 'setTicketStatus', { id, status: 'OPEN' }, 'status closedAt')).ticket).toEqual({
      status: 'OPEN',
      closedAt: null,
    })
    const { reopenCount } = await support.database.forTenant(tenant.id).ticket.findFirstOrThrow({ where: { id } })
    expect(reopenCount).toBe(1)
  })

  it('closing says how it was solved, by what the team said last', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    await support.aMessage(ticket, { content: 'Hi Mia,\nwe sent a new one. Sorry!', createdAt: after(1) })
    await support.aMessage(ticket, { content: 'Never went out.', createdAt: after(2), deliveryStatus: 'RECALLED' })
    await support.aMessage(ticket, { content: 'I am away.', createdAt: after(3), isAutomatic: true })
    await support.aMessage(ticket, { content: 'Thanks.', createdAt: after(4), fromAgent: false })
    const closed = await change(ask, 'setTicketStatus', { id: ticket.id, status: 'CLOSED' }, 'resolution closedAt')
    expect(closed.ticket).toEqual({ resolution: 'we sent a new one.', closedAt: start.toISOString() })
    // What was said is not repeated in the log.
    expect(JSON.stringify(await historyOf(support, ticket))).not.toContain('new one')
  })

  it('a snooze ends by the timer, once', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    const snoozed = await change(
      ask,
      'snoozeTicket',
      { id: ticket.id, until: after(5) },
      'status waitingOn snoozedUntil',
    )
    expect(snoozed.ticket).toEqual({ status: 'PENDING', waitingOn: 'SNOOZE', snoozedUntil: after(5).toISOString() })
    await change(ask, 'scheduleFollowUp', { id: ticket.id, at: after(3), note: 'Ring.' })
    const row = await support.database.forTenant(tenant.id).ticket.findFirstOrThrow({ where: { id: ticket.id } })
    expect(row.nextTimerAt).toEqual(after(3))
    const look = (now: Date) =>
      support.database.transact(tenant.id, (tx) =>
        changeTicket(
          tx,
          { tenantId: tenant.id, who: { actor: systemActor('TIMER', 'timers') }, now, id: ticket.id },
          dueSteps,
        ),
      )
    await look(after(4))
    await look(after(6))
    const { ticket: awake } = await look(after(7))
    expect([awake.status, awake.snoozedUntil, awake.followUpAt, awake.nextTimerAt]).toEqual(['OPEN', null, null, null])
    const events = (await historyOf(support, ticket)).slice(4)
    expect(events.map(({ type }) => type)).toEqual(['FOLLOW_UP_DUE', 'WOKE'])
    expect(events[0]?.payload.data).toEqual({ note: 'Ring.' })
  })

  it('a follow-up that was taken back is never due', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    const planned = await change(ask, 'scheduleFollowUp', { id: ticket.id, at: after(3), note: 'Ring.' }, 'followUpAt')
    expect(planned.ticket).toEqual({ followUpAt: after(3).toISOString() })
    expect((await change(ask, 'cancelFollowUp', { id: ticket.id }, 'followUpAt')).ticket).toEqual({ followUpAt: null })
    const row = await support.database.forTenant(tenant.id).ticket.findFirstOrThrow({ where: { id: ticket.id } })
    expect([row.followUpNote, row.nextTimerAt]).toEqual([null, null])
    await change(ask, 'cancelFollowUp', { id: ticket.id })
    const events = (await historyOf(support, ticket)).slice(2)
    expect(events.map(({ type, payload }) => [type, payload.changes])).toEqual([
      ['TICKET_UPDATED', expect.anything()],
      [
        'TICKET_UPDATED',
        [
          { field: 'followUpAt', from: after(3).toISOString(), to: null },
          { field: 'followUpNote', from: 'Ring.', to: null },
        ],
      ],
    ])
  })

  it('each escalation raises the level, and shows who asked for it', async () => {
    const { tenant, agent, ask } = await aShop(support)
    const { id } = await support.aTicket(tenant)
    await change(ask, 'escalateTicket', { id, reason: 'First.' })
    const fields = 'escalation { level reason at by { __typename ... on Agent { id } } }'
    expect((await change(ask, 'escalateTicket', { id, reason: 'Second.' }, fields)).ticket).toEqual({
      escalation: { level: 2, reason: 'Second.', at: start.toISOString(), by: { __typename: 'Agent', id: agent.id } },
    })
  })

  it('labels say where they come from', async () => {
    const { tenant, agent, ask } = await aShop(support)
    const { id } = await support.aTicket(tenant, {}, { tags: ['old'] })
    const fields =
      'tags { name confidence addedBy { __typename ... on Agent { id } ... on SystemActor { kind name } } }'
    expect((await change(ask, 'tagTicket', { id, tags: ['new'] }, fields)).ticket).toEqual({
      tags: [
        { name: 'old', confidence: null, addedBy: { __typename: 'SystemActor', kind: 'IMPORT', name: 'import' } },
        { name: 'new', confidence: null, addedBy: { __typename: 'Agent', id: agent.id } },
      ],
    })
  })
})

describe('suggested actions', () => {
  const items = 'actionItems { id action completedAt completedBy { id } outcome }'
  it('are noted when they were done; again only where the outcome is another', async () => {
    const { tenant, agent, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    const input = { ticketId: ticket.id, actionId: 'offer-10' }
    const done = { id: 'offer-10', action: 'offer-10', completedAt: start.toISOString(), completedBy: { id: agent.id } }
    expect((await change(ask, 'completeAction', input, items)).ticket).toEqual({
      actionItems: [{ ...done, outcome: null }],
    })
    const taken = { ...input, outcome: 'Taken.' }
    expect((await change(ask, 'completeAction', taken, items)).ticket).toEqual({
      actionItems: [{ ...done, outcome: 'Taken.' }],
    })
    await change(ask, 'completeAction', taken)
    const events = (await historyOf(support, ticket)).filter(({ type }) => type === 'ACTION_COMPLETED')
    expect(events.map(({ payload }) => payload.data)).toEqual(
      [1, 2].map(() => ({ actionId: 'offer-10', action: 'offer-10' })),
    )
  })

  it('need a ticket and an id', async () => {
    const { tenant, ask } = await aShop(support)
    const { id: ticketId } = await support.aTicket(tenant)
    const refused = async (input: object) => (await change(ask, 'completeAction', input)).userErrors
    expect(await refused({ ticketId: 'x', actionId: 'a' })).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
    expect(await refused({ ticketId, actionId: '' })).toEqual(refusal('REQUIRED', 'input', 'actionId'))
    expect(await refused({ ticketId, actionId: 'a\u0000' })).toEqual(refusal('INVALID', 'input', 'actionId'))
  })
})

describe('deleting a ticket', () => {
  const remove = `mutation ($input: DeleteTicketInput!) { deleteTicket(input: $input) { deletedId asOf userErrors { code path } } }`
  type Removed = { deleteTicket: { deletedId: string | null; asOf: string | null; userErrors: object[] } }

  it('takes all that was said on it; its last entry stays, without content', async () => {
    const { tenant, ask } = await aShop(support)
    const ticket = await support.aTicket(tenant, { subject: 'Secret subject' })
    await change(ask, 'tagTicket', { id: ticket.id, tags: ['a'] })
    const { data } = await ask<Removed>(remove, { input: { id: ticket.id } })
    expect(data?.deleteTicket).toMatchObject({ deletedId: ticket.id, userErrors: [] })
    expect((await ask(`{ ticket(id: "${ticket.id}") { id } }`)).data).toEqual({ ticket: null })
    const messages = await support.database.forTenant(tenant.id).message.count({ where: { ticketId: ticket.id } })
    expect(messages).toBe(0)
    const last = (await historyOf(support, ticket)).at(-1)
    expect([last?.type, last?.ticketId, last?.payload.changes]).toEqual(['TICKET_DELETED', ticket.id, []])
    expect(JSON.stringify(last)).not.toContain('Secret')
  })

  it('is the administrators’ alone', async () => {
    const { tenant, ask } = await aShop(support, 'MANAGER')
    const { id } = await support.aTicket(tenant)
    const length = await lengthOf(support, tenant)
    expect((await ask<Removed>(remove, { input: { id } })).data?.deleteTicket.userErrors).toEqual(refusal('FORBIDDEN'))
    expect(await lengthOf(support, tenant)).toBe(length)
  })

  it.each(['x', crypto.randomUUID()])('is refused of %s', async (id) => {
    const { ask } = await aShop(support)
    expect((await ask<Removed>(remove, { input: { id } })).data?.deleteTicket.userErrors).toEqual(
      refusal('NOT_FOUND', 'input', 'id'),
    )
  })

  it('lets those that were part of it stand alone', async () => {
    const { tenant, ask } = await aShop(support)
    const [from, into] = await twoOf(tenant)
    await change(ask, 'mergeTickets', { fromId: from.id, intoId: into.id })
    await ask(remove, { input: { id: into.id } })
    const { data } = await ask(`{ ticket(id: "${from.id}") { status mergedInto { id } } }`)
    expect(data).toEqual({ ticket: { status: 'CLOSED', mergedInto: null } })
    expect((await change(ask, 'setTicketStatus', { id: from.id, status: 'OPEN' })).userErrors).toEqual([])
  })
})

async function twoOf(tenant: Tenant) {
  const first = await support.aTicket(tenant)
  const { customerId } = first
  return [first, await support.aTicket(tenant, { customerId, channel: 'CHAT' })] as const
}
