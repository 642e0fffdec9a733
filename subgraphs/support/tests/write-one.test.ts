import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { systemActor } from '../src/log/actors.ts'
import { changeTickets } from '../src/tickets/change.ts'
import { writtenColumns } from '../src/tickets/columns.ts'
import type { Step } from '../src/tickets/steps.ts'
import { openSupport, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
})
afterAll(() => support.close())

const who = { actor: systemActor('AUTOMATION', 'test') }

function change(ids: string[], ...steps: Step[]) {
  const call = { tenantId: tenant.id, who, now: support.clock.now(), ids }
  return support.database.transact(tenant.id, (tx) => changeTickets(tx, call, () => steps))
}

async function stored(id: string) {
  await support.module.sequence()
  const db = support.database.forTenant(tenant.id)
  const ticket = await db.ticket.findFirstOrThrow({ where: { id } })
  const sla = await db.ticketSla.findFirst({ where: { ticketId: id } })
  const events = await db.loggedEvent.findMany({ where: { ticketId: id }, orderBy: { sequence: 'asc' } })
  const customer = await db.customer.findFirstOrThrow({ where: { id: ticket.customerId } })
  return { ticket, sla, events, customer }
}

/** What two tickets that had the same said and done to them have in common. */
async function comparable(id: string) {
  const { ticket, sla, events, customer } = await stored(id)
  const { id: _id, number: _number, customerId: _customer, ...rest } = ticket
  const history = (sla?.history as Record<string, unknown>[]).map(({ messageId: _message, ...fact }) => fact)
  const told = events.map(({ type, occurredAt, payload }) => {
    const { changes, revision, reason } = payload as Record<string, unknown>
    return { type, occurredAt, changes, revision, reason }
  })
  const { lastContactAt, lastChannel } = customer
  return { ...rest, history, clocks: sla?.clocks, told, lastContactAt, lastChannel }
}

/** Every column that a change may set, each with something that is easily spoilt on its way. */
async function everything(): Promise<Partial<Ticket>> {
  const [agent, into] = [await support.anAgent(tenant), await support.aTicket(tenant)]
  const db = support.database.forTenant(tenant.id)
  const team = await db.team.create({
    data: { tenantId: tenant.id, id: crypto.randomUUID(), name: crypto.randomUUID(), createdAt: support.clock.now() },
  })
  const queue = await db.queue.findFirstOrThrow()
  const at = new Date('2026-03-08T07:59:59.987Z')
  return {
    subject: `It's "late" \\ ü`,
    status: 'CLOSED',
    waitingOn: null,
    priority: 'URGENT',
    assigneeId: agent.id,
    teamId: team.id,
    queueId: queue.id,
    tags: ['a,b', '"q"', '{}', 'NULL', '\\'],
    tagOrigins: { 'a,b': { kind: 'agent', id: agent.id } },
    category: 'delivery',
    intent: "where's it",
    sentiment: 0.1,
    difficulty: 1e-7,
    resolution: 'line 1\nline 2',
    orderNumbers: ['#1042', ''],
    snoozedUntil: at,
    followUpAt: at,
    followUpNote: 'ask',
    returnTo: { teamId: team.id, words: ["'"] },
    returnAt: at,
    escalation: { level: 2, reason: null },
    mergedIntoId: into.id,
    revision: 7,
    stateSince: at,
    waitingSince: at,
    firstRepliedAt: at,
    reopenCount: 3,
    closedAt: at,
  } as Partial<Ticket>
}

it('writes one ticket as many are written, to the last column', async () => {
  const set = await everything()
  const derived = ['rank', 'slaStatus', 'nextBreachAt', 'nextTimerAt', 'updatedAt', 'customerId']
  expect(writtenColumns.map(([field]) => field).filter((field) => !(field in set) && !derived.includes(field))).toEqual(
    [],
  )
  const [alone, first, second] = [
    await support.aTicket(tenant),
    await support.aTicket(tenant),
    await support.aTicket(tenant),
  ]
  const steps: Step[] = [
    { type: 'MESSAGE_RECEIVED', set: { revision: 1, waitingSince: support.clock.now() }, reason: 'one' },
    { type: 'TICKET_UPDATED', set, reason: "two's" },
  ]
  await change([alone.id], ...steps)
  await change([first.id, second.id], ...steps)
  expect(await comparable(alone.id)).toEqual(await comparable(first.id))
  expect((await stored(alone.id)).ticket).toMatchObject(set)
})

it('and forgets again all that may be forgotten', async () => {
  const { id } = await support.aTicket(tenant)
  const { mergedIntoId: _, ...set } = await everything()
  await change([id], { type: 'TICKET_UPDATED', set })
  const none = {
    ...{ status: 'OPEN', closedAt: null, assigneeId: null, teamId: null, queueId: null, tags: [], category: null },
    ...{ intent: null, sentiment: null, difficulty: null, resolution: null, orderNumbers: [], snoozedUntil: null },
    ...{ followUpAt: null, followUpNote: null, returnTo: null, returnAt: null, escalation: null, waitingSince: null },
  }
  await change([id], { type: 'TICKET_UPDATED', set: none })
  expect((await stored(id)).ticket).toMatchObject(none)
})

it('writes more events than one statement has room for, in their order', async () => {
  const { id } = await support.aTicket(tenant)
  const reasons = Array.from({ length: 7 }, (_, index) => `step ${index}`)
  await change(
    [id],
    ...reasons.map((reason, index): Step => ({ type: 'TICKET_UPDATED', set: { subject: `${index}` }, reason })),
  )
  const { events } = await stored(id)
  expect(events.slice(-7).map(({ payload }) => (payload as { reason?: string }).reason)).toEqual(reasons)
})
