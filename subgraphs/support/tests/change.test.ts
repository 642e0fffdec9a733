import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { systemActor } from '../src/log/actors.ts'
import type { TicketEventPayload } from '../src/log/ticket-events.ts'
import { touchConfig } from '../src/tenants/config.ts'
import { changeTicket, changeTickets } from '../src/tickets/change.ts'
import type { Step } from '../src/tickets/steps.ts'
import { openSupport, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
})
afterAll(() => support.close())

const who = { actor: systemActor('AUTOMATION', 'test'), causedBy: '0198a000-0000-7000-8000-0000000000ff', depth: 2 }
const call = () => ({ tenantId: tenant.id, who, now: support.clock.now() })
const change = (ticket: Ticket, ...steps: Step[]) =>
  support.database.transact(tenant.id, (tx) => changeTicket(tx, { ...call(), id: ticket.id }, () => steps))

/** What the log says of a ticket after its creation, in order. */
async function history({ id }: Ticket) {
  await support.module.sequence()
  const entries = await support.database
    .forTenant(tenant.id)
    .loggedEvent.findMany({ where: { ticketId: id }, orderBy: { sequence: 'asc' } })
  return entries.slice(2).map(({ type, payload }) => ({ type, ...(payload as unknown as TicketEventPayload) }))
}

it('writes a step as an event with what it changed, who did it and how the ticket stood after it', async () => {
  const ticket = await support.aTicket(tenant)
  const { eventId } = await change(
    ticket,
    { type: 'TICKET_UPDATED', set: { subject: 'New' }, reason: 'Because.' },
    { type: 'PRIORITY_CHANGED', set: { priority: 'URGENT' } },
  )
  const [updated, raised, reranked] = await history(ticket)
  expect(updated).toMatchObject({
    type: 'TICKET_UPDATED',
    ...who,
    reason: 'Because.',
    changes: [{ field: 'subject', from: 'Where is my order?', to: 'New' }],
    view: { priority: 'NORMAL', number: ticket.number },
  })
  expect(raised).toMatchObject({ type: 'PRIORITY_CHANGED', view: { priority: 'URGENT' } })
  expect(reranked).toMatchObject({
    type: 'RERANKED',
    changes: [{ field: 'rank', from: ticket.rank, to: ticket.rank + 4.5 }],
  })
  const db = support.database.forTenant(tenant.id)
  expect(await db.loggedEvent.findFirst({ where: { eventId: eventId ?? '' } })).toMatchObject({ type: 'RERANKED' })
  expect(await db.ticket.findFirst({ where: { id: ticket.id } })).toMatchObject({ subject: 'New', priority: 'URGENT' })
})

it('writes nothing when nothing happens, and nothing of what rolls back', async () => {
  const ticket = await support.aTicket(tenant)
  expect(await change(ticket)).toEqual({ ticket, eventId: null })
  const rolledBack = support.database.transact(tenant.id, async (tx) => {
    await changeTicket(tx, { ...call(), id: ticket.id }, () => [{ type: 'TICKET_UPDATED', set: { subject: 'No' } }])
    throw new Error('stop')
  })
  await expect(rolledBack).rejects.toThrow('stop')
  expect(await history(ticket)).toEqual([])
})

it('refuses a ticket that is not there or another tenant’s', async () => {
  const theirs = await support.aTicket(await support.aTenant())
  for (const id of [theirs.id, '0198a000-0000-7000-8000-000000000000', 'no id']) {
    const attempt = support.database.transact(tenant.id, (tx) => changeTicket(tx, { ...call(), id }, () => []))
    await expect(attempt).rejects.toMatchObject({ errors: [{ code: 'NOT_FOUND', path: ['input', 'id'] }] })
  }
})

it('lets two writers of the same ticket see each other’s change', async () => {
  const ticket = await support.aTicket(tenant)
  const raise = () =>
    support.database.transact(tenant.id, (tx) =>
      changeTicket(tx, { ...call(), id: ticket.id }, (scene) => [
        { type: 'TICKET_UPDATED', set: { reopenCount: scene.ticket.reopenCount + 1 } },
      ]),
    )
  await Promise.all(Array.from({ length: 20 }, raise))
  const row = await support.database.forTenant(tenant.id).ticket.findFirst({ where: { id: ticket.id } })
  expect(row?.reopenCount).toBe(20)
})

it('changes many tickets in two statements, whatever their number', async () => {
  const tickets = [await support.aTicket(tenant), await support.aTicket(tenant), await support.aTicket(tenant)]
  const count = async (ids: string[]) => {
    const before = support.statements.length
    await support.database.transact(tenant.id, (tx) =>
      changeTickets(tx, { ...call(), ids }, () => [{ type: 'TICKET_UPDATED', set: { category: 'x' } }]),
    )
    return support.statements.length - before
  }
  await count([tickets[0]!.id]) // reads the configuration
  expect(await count(tickets.slice(0, 1).map(({ id }) => id))).toBe(await count(tickets.map(({ id }) => id)))
})

it('keeps the matches of saved alerts with as many statements for many tickets as for one', async () => {
  const shop = await support.aTenant()
  const { id: createdBy } = await support.anAgent(shop)
  const tickets = [await support.aTicket(shop), await support.aTicket(shop), await support.aTicket(shop)]
  const db = support.database.forTenant(shop.id)
  const alert = { tenantId: shop.id, id: createdBy, keywords: ['lamp'], scope: 'TENANT', createdBy }
  await support.database.transact(shop.id, async (tx) => {
    await tx.topicAlert.create({ data: { ...alert, createdAt: support.clock.now() } })
    await touchConfig(tx, shop.id)
  })
  const write = async (some: readonly Ticket[], subject: string) => {
    const before = support.statements.length
    await support.database.transact(shop.id, (tx) =>
      changeTickets(tx, { ...call(), tenantId: shop.id, ids: some.map(({ id }) => id) }, () => [
        { type: 'TICKET_UPDATED', set: { subject } },
      ]),
    )
    return support.statements.length - before
  }
  await write(tickets, 'A chair') // reads the configuration
  expect(await write(tickets.slice(0, 1), 'A lamp')).toBe(await write(tickets, 'The lamp'))
  expect(await db.topicAlertMatch.count()).toBe(3)
  await write(tickets.slice(1), 'A chair')
  expect(await db.topicAlertMatch.findMany()).toMatchObject([{ ticketId: tickets[0]!.id }])
})

it('keeps assignments with their ends and reasons', async () => {
  const ticket = await support.aTicket(tenant)
  const [first, second] = [await support.anAgent(tenant), await support.anAgent(tenant)]
  const assignment = { strategy: 'BEST_FIT', explanation: 'Knows refunds.' }
  await change(ticket, { type: 'ASSIGNED', set: { assigneeId: first.id }, assignment })
  await change(ticket, { type: 'ASSIGNED', set: { assigneeId: second.id } })
  await change(ticket, { type: 'UNASSIGNED', set: { assigneeId: null } })
  const rows = await support.database
    .forTenant(tenant.id)
    .assignment.findMany({ where: { ticketId: ticket.id }, orderBy: { id: 'asc' } })
  expect(rows).toMatchObject([
    { agentId: first.id, ...assignment, endedAt: support.clock.now() },
    { agentId: second.id, strategy: 'MANUAL', endedAt: support.clock.now() },
  ])
})

it('tells when the state of the SLA moves, in the clock’s own event or, for a pause, in the one that paused it', async () => {
  const shop = await support.aTenant()
  const targets = [
    { metric: 'FIRST_RESPONSE', priority: 'NORMAL', seconds: 3_600, warnBeforeSeconds: 60, businessHours: false },
    { metric: 'REQUESTER_WAIT', priority: 'NORMAL', seconds: 7_200, warnBeforeSeconds: 60, businessHours: false },
  ]
  const id = '0198a000-0000-7000-8000-0000000000aa'
  const policy = { tenantId: shop.id, id, version: 1, name: 'All', order: 1, conditions: {}, targets, isActive: true }
  const createdAt = new Date(support.clock.now().getTime() - 1_000)
  await support.database.forTenant(shop.id).slaPolicy.create({ data: { ...policy, createdAt } })
  const ticket = await support.aTicket(shop)
  expect(ticket.slaStatus).toBe('PENDING')
  const at = support.clock.now()
  await support.database.transact(shop.id, (tx) =>
    changeTicket(tx, { tenantId: shop.id, who, now: at, id: ticket.id }, () => [
      {
        type: 'MESSAGE_SENT',
        messageId: id,
        facts: [{ at: at.toISOString(), kind: 'agent_message', messageId: id }],
      },
      { type: 'STATUS_CHANGED', set: { status: 'PENDING', waitingOn: 'CUSTOMER', stateSince: at } },
    ]),
  )
  await support.module.sequence()
  const entries = await support.database
    .forTenant(shop.id)
    .loggedEvent.findMany({ where: { ticketId: ticket.id }, orderBy: { sequence: 'asc' } })
  const changesOf = (type: string) =>
    entries
      .filter((entry) => entry.type === type)
      .map(({ payload }) => (payload as unknown as TicketEventPayload).changes)
  expect(changesOf('SLA_STARTED')[0]).toEqual([{ field: 'slaStatus', from: null, to: 'PENDING' }])
  expect(changesOf('SLA_ACHIEVED')).toEqual([[{ field: 'slaStatus', from: 'PENDING', to: 'PAUSED' }]])
})

it('loses no fact of the SLA clocks when many write to one ticket at once', async () => {
  const ticket = await support.aTicket(tenant)
  const at = support.clock.now().toISOString()
  const write = (number: number) =>
    support.database.transact(tenant.id, (tx) =>
      changeTicket(tx, { ...call(), id: ticket.id }, () => [
        { type: 'MESSAGE_RECEIVED', facts: [{ at, kind: 'customer_message', messageId: `m${number}` }] },
      ]),
    )
  await Promise.all(Array.from({ length: 20 }, (_, number) => write(number)))
  const row = await support.database.forTenant(tenant.id).ticketSla.findFirst({ where: { ticketId: ticket.id } })
  // Opened, the first message, and the twenty.
  expect(row?.history).toHaveLength(22)
})
