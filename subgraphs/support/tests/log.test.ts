import { setTimeout as delay } from 'node:timers/promises'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { verifyLog } from '@quimbi/events/verify.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { encodePosition } from '@quimbi/subgraph/log-cursor.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { systemActor } from '../src/log/actors.ts'
import { createPlaces } from '../src/log/as-of.ts'
import { eraseEntries } from '../src/log/erase.ts'
import { followTickets } from '../src/log/follow.ts'
import { missedSince } from '../src/log/missed.ts'
import { trimLogs } from '../src/log/retention.ts'
import { changeTicket } from '../src/tickets/change.ts'
import type { Step } from '../src/tickets/steps.ts'
import { codesOf, openSupport, type Ask, type TestSupport } from './kit.ts'
import { planOf } from './log-plans.ts'

let support: TestSupport
let tenant: Tenant
let admin: Ask

beforeAll(async () => {
  support = await openSupport()
})
afterAll(() => support.close())
beforeEach(async () => {
  tenant = await support.aTenant()
  admin = await support.asAgent(await support.anAgent(tenant))
})

const who = { actor: systemActor('TIMER', 'test') }

/** Lets something happen to a ticket; resolves to the last event's id. */
async function happen(ticket: Ticket, ...steps: Step[]): Promise<string> {
  const { tenantId, id } = ticket
  const call = { tenantId, who, now: support.clock.now(), id }
  return (await support.database.transact(tenantId, (tx) => changeTicket(tx, call, () => steps))).eventId!
}
const tagged = (...tags: string[]): Step => ({ type: 'TAGGED', set: { tags } })

type Node = { id: string; type: string; cursor: string; ticketId: string }
type Page = { nodes: Node[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

const page = 'nodes { id type cursor ticketId } pageInfo { hasNextPage endCursor }'
const eventsQuery = `query ($types: [TicketEventType!], $first: Int, $after: Cursor) {
  events(types: $types, first: $first, after: $after) { ${page} } }`

const eventsOf = async (ask: Ask, variables: object = {}): Promise<Page> => {
  const { data, errors } = await ask<{ events: Page }>(eventsQuery, { ...variables })
  expect(errors).toEqual([])
  return data!.events
}
const typesOf = ({ nodes }: Page) => nodes.map(({ type }) => type)

describe('the events of a tenant', () => {
  it('come in the log’s order, page by page, of chosen types, and never another tenant’s', async () => {
    const [one, two] = [await support.aTicket(tenant), await support.aTicket(tenant)]
    await support.aTicket(await support.aTenant())
    await happen(one, tagged('a'), { type: 'SNOOZED' })
    await happen(two, tagged('b'))
    await support.module.sequence()
    const all = await eventsOf(admin)
    const types = [
      'TICKET_CREATED',
      'MESSAGE_RECEIVED',
      'TICKET_CREATED',
      'MESSAGE_RECEIVED',
      'TAGGED',
      'SNOOZED',
      'TAGGED',
    ]
    expect(typesOf(all).filter((type) => !type.startsWith('SLA') && type !== 'RERANKED')).toEqual(types)

    const paged: Node[] = []
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo } = await eventsOf(admin, { first: 2, after })
      paged.push(...nodes)
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(paged).toEqual(all.nodes)
    expect(typesOf(await eventsOf(admin, { types: ['TAGGED', 'SNOOZED', 'TAGGED'] }))).toEqual([
      'TAGGED',
      'SNOOZED',
      'TAGGED',
    ])
    expect(
      typesOf(await eventsOf(admin, { types: ['TAGGED', 'SNOOZED'], first: 1, after: all.nodes.at(-3)!.cursor })),
    ).toEqual(['SNOOZED'])
    expect(await eventsOf(admin, { types: [] })).toMatchObject({ nodes: [] })
    expect(await eventsOf(admin, { types: ['LEFT_VIEW'] })).toMatchObject({ nodes: [] })
  })

  it('show the role AGENT a ticket’s events while it was theirs or nobody’s', async () => {
    const agent = await support.anAgent(tenant, { role: 'AGENT' })
    const other = await support.anAgent(tenant, { role: 'AGENT' })
    const ticket = await support.aTicket(tenant)
    await happen(ticket, { type: 'ASSIGNED', set: { assigneeId: agent.id } }, tagged('mine'))
    await happen(
      ticket,
      { type: 'TRANSFERRED', set: { assigneeId: other.id } },
      { type: 'UNTAGGED', set: { tags: [] } },
    )
    await support.module.sequence()
    const chosen = { types: ['TICKET_CREATED', 'ASSIGNED', 'TAGGED', 'TRANSFERRED', 'UNTAGGED'] }
    expect(typesOf(await eventsOf(await support.asAgent(agent), chosen))).toEqual([
      'TICKET_CREATED',
      'ASSIGNED',
      'TAGGED',
    ])
    expect(typesOf(await eventsOf(await support.asAgent(other), chosen))).toEqual([
      'TICKET_CREATED',
      'TRANSFERRED',
      'UNTAGGED',
    ])
    expect(typesOf(await eventsOf(admin, chosen))).toHaveLength(5)
  })

  it('say who did what to which ticket', async () => {
    const agent = await support.anAgent(tenant)
    const ticket = await support.aTicket(tenant)
    const message = await support.aMessage(ticket)
    const call = { tenantId: tenant.id, now: support.clock.now(), id: ticket.id }
    const causedBy = crypto.randomUUID()
    await support.database.transact(tenant.id, (tx) =>
      changeTicket(tx, { ...call, who: { actor: { kind: 'agent', id: agent.id }, causedBy } }, () => [
        { type: 'MESSAGE_SENT', messageId: message.id, set: { revision: 2 } },
        { type: 'PRIORITY_CHANGED', set: { priority: 'HIGH' } },
      ]),
    )
    await happen(ticket, tagged('x'))
    await support.module.sequence()
    const { data, errors } = await admin<{ ticket: { events: { nodes: object[] } } }>(
      `query ($id: ID!) { ticket(id: $id) { events(first: 100) { nodes { type causedBy ticket { id } message { id } note { id }
        actor { __typename ... on Agent { name } ... on SystemActor { kind name } } changes { field from to } } } } }`,
      { id: ticket.id },
    )
    expect(errors).toEqual([])
    const nothing = { causedBy: null, message: null, note: null }
    const byAgent = {
      ticket: { id: ticket.id },
      causedBy,
      note: null,
      actor: { __typename: 'Agent', name: agent.name },
    }
    for (const expected of [
      { ...byAgent, type: 'MESSAGE_SENT', message: { id: message.id }, changes: [] },
      {
        ...byAgent,
        type: 'PRIORITY_CHANGED',
        message: null,
        changes: [{ field: 'priority', from: 'NORMAL', to: 'HIGH' }],
      },
      {
        ...nothing,
        type: 'TAGGED',
        ticket: { id: ticket.id },
        actor: { __typename: 'SystemActor', kind: 'TIMER', name: 'test' },
        changes: [{ field: 'tags', from: [], to: ['x'] }],
      },
    ])
      expect(data?.ticket.events.nodes).toContainEqual(expected)
  })

  it('say why, RERANKED after what', async () => {
    const ticket = await support.aTicket(tenant)
    const raised: Step = { type: 'PRIORITY_CHANGED', set: { priority: 'URGENT' } }
    await happen(ticket, { ...tagged('x'), reason: 'A test has it so.' }, raised)
    await support.module.sequence()
    const { data } = await admin<{ events: { nodes: object[] } }>(
      '{ events(types: [TAGGED, PRIORITY_CHANGED, RERANKED]) { nodes { type reason changes { field } } } }',
    )
    expect(data?.events.nodes).toEqual([
      { type: 'TAGGED', reason: 'A test has it so.', changes: [{ field: 'tags' }] },
      { type: 'PRIORITY_CHANGED', reason: null, changes: [{ field: 'priority' }] },
      { type: 'RERANKED', reason: 'After TAGGED, PRIORITY_CHANGED.', changes: [{ field: 'rank' }] },
    ])
  })

  it('are nothing for a partner, nor for nobody, and at most a hundred a page', async () => {
    expect(codesOf(await support.anonymous(eventsQuery))).toEqual(['UNAUTHENTICATED'])
    expect(codesOf(await admin(eventsQuery, { first: 101 }))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await admin(eventsQuery, { first: 0 }))).toEqual(['BAD_USER_INPUT'])
  })
})

describe('a cursor', () => {
  it('of another tenant, damaged or spelt otherwise is refused', async () => {
    const spelt = (text: string) => Buffer.from(text).toString('base64url')
    const bad = [
      encodePosition((await support.aTenant()).id, 0n),
      'AAAA',
      spelt(`q1:${tenant.id}:1x`),
      spelt(`q1:${tenant.id}:01`),
      spelt(`q1:${tenant.id}:1:`),
      spelt(`q1:${tenant.id}:-1`),
      spelt(`q1:${tenant.id}:${'9'.repeat(30)}`),
      spelt(`q2:${tenant.id}:1`),
    ]
    for (const after of bad) expect(codesOf(await admin(eventsQuery, { after })), after).toEqual(['BAD_USER_INPUT'])
    const { data } = await admin<{ events: object }>(eventsQuery, { after: encodePosition(tenant.id, 0n) })
    expect(data?.events).toBeDefined()
  })

  it('ahead of the log, as after a restore, or older than it, asks for a new start', async () => {
    expect(codesOf(await admin(eventsQuery, { after: encodePosition(tenant.id, 1n) }))).toEqual(['RESYNC_REQUIRED'])
    const ticket = await support.aTicket(tenant)
    await support.module.sequence()
    const start = (await eventsOf(admin)).nodes[0]!.cursor
    await happen(ticket, {
      type: 'STATUS_CHANGED',
      set: { status: 'CLOSED', waitingOn: null, closedAt: support.clock.now() },
    })
    support.clock.advance(500 * 86_400_000)
    await happen(await support.aTicket(tenant), tagged('later'))
    await support.module.sequence()
    expect(await trimLogs(support)).toBeGreaterThan(0)
    const anew = await support.asAgent(await support.anAgent(tenant))
    expect(codesOf(await anew(eventsQuery, { after: start }))).toEqual(['RESYNC_REQUIRED'])
    const all = await eventsOf(anew)
    expect(typesOf(all)[0]).toBe('TICKET_CREATED')
    expect(await eventsOf(anew, { after: all.pageInfo.endCursor })).toMatchObject({ nodes: [] })
  })
})

describe('the events of a ticket', () => {
  it('are its own, oldest first, page by page', async () => {
    const [ticket, other] = [await support.aTicket(tenant), await support.aTicket(tenant)]
    for (const tag of ['a', 'b', 'c']) {
      await happen(ticket, tagged(tag))
      await happen(other, tagged(tag))
    }
    await support.module.sequence()
    const query = `query ($id: ID!, $first: Int, $after: Cursor) { ticket(id: $id) { events(first: $first, after: $after) { ${page} } } }`
    const read = async (variables: object) =>
      (await admin<{ ticket: { events: Page } }>(query, { id: ticket.id, ...variables })).data!.ticket.events
    const all = await read({ first: 100 })
    expect(typesOf(all).filter((type) => type === 'TAGGED')).toHaveLength(3)
    expect(new Set(all.nodes.map(({ ticketId }) => ticketId))).toEqual(new Set([ticket.id]))
    const first = await read({ first: 2 })
    const rest = await read({ first: 100, after: first.pageInfo.endCursor })
    expect([...first.nodes, ...rest.nodes]).toEqual(all.nodes)
    expect(codesOf(await admin(query, { id: ticket.id, after: 'AAAA' }))).toEqual(['BAD_USER_INPUT'])
  })

  it('of many tickets come in one statement', async () => {
    for (let n = 0; n < 5; n += 1) await support.aTicket(tenant)
    await support.module.sequence()
    const before = support.statements.length
    const { errors } = await admin('{ tickets { nodes { events(first: 3) { nodes { type actor { __typename } } } } } }')
    expect(errors).toEqual([])
    expect(support.statements.slice(before).filter((sql) => sql.includes('event_log'))).toHaveLength(1)
  })
})

describe('the place of an event just written', () => {
  const opened: { stop(): Promise<void> }[] = []
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.stop()
  })

  function places(options: Partial<Parameters<typeof createPlaces>[0]> = {}) {
    const made = createPlaces({ database: support.database, bus: support.bus, patienceMs: 15_000, ...options })
    opened.push(made)
    return made
  }

  it('is told when the log announces it, to all who wait, in one statement', async () => {
    const ticket = await support.aTicket(tenant)
    const ids = await Promise.all([happen(ticket, tagged('a')), happen(await support.aTicket(tenant), tagged('b'))])
    const { sequenceOf } = places({ pollMs: 3_600_000 })
    const before = support.statements.length
    const looks = () => support.statements.slice(before).filter((sql) => /FROM "public"."event_log"/.test(sql))
    const waiting = [...ids, ids[0]!].map((id) => sequenceOf(tenant.id, id))
    await vi.waitFor(() => expect(looks()).toHaveLength(1)) // it finds nothing
    await support.module.sequence()
    const [first, second, again] = await Promise.all(waiting)
    expect(typeof first).toBe('bigint')
    expect(again).toBe(first)
    expect(second).not.toBe(first)
    // One more at most: the first may have been slow, and found them all.
    expect(looks().length).toBeLessThanOrEqual(2)
  })

  it('is told at once where it is in the log already, and found where the announcement was lost', async () => {
    const id = await happen(await support.aTicket(tenant), tagged('a'))
    await support.module.sequence()
    expect(await places({ pollMs: 3_600_000 }).sequenceOf(tenant.id, id)).not.toBeNull()
    const later = await happen(await support.aTicket(tenant), tagged('a'))
    const waiting = places({ bus: createMemoryBus(), pollMs: 5 }).sequenceOf(tenant.id, later)
    await support.module.sequence()
    expect(await waiting).not.toBeNull()
  })

  it('is null after a while, when all stops, and for another tenant', async () => {
    const id = await happen(await support.aTicket(tenant), tagged('a'))
    expect(await places({ patienceMs: 30 }).sequenceOf(tenant.id, id)).toBeNull()
    await support.module.sequence()
    expect(await places({ patienceMs: 100 }).sequenceOf((await support.aTenant()).id, id)).toBeNull()
    const stopped = places()
    const waiting = stopped.sequenceOf(tenant.id, crypto.randomUUID())
    await stopped.stop()
    expect(await waiting).toBeNull()
  })

  it('is what a mutation answers', async () => {
    const customer = await support.aCustomer(tenant)
    const query = `mutation ($input: CreateTicketInput!) { createTicket(input: $input) { asOf ticket { id } userErrors { code } } }`
    const input = { customerId: customer.id, subject: 'Hello', channel: 'EMAIL', initialMessage: 'Hello' }
    const answering = admin<{ createTicket: { asOf: string; ticket: { id: string } } }>(query, { input })
    const sequencing = (async () => {
      for (let turn = 0; turn < 20; turn += 1) await support.module.sequence().then(() => delay(20))
    })()
    const { data } = await answering
    await sequencing
    const { asOf, ticket } = data!.createTicket
    expect((await eventsOf(admin)).nodes.filter(({ ticketId }) => ticketId === ticket.id)).not.toEqual([])
    expect((await eventsOf(admin, { after: asOf })).nodes).toEqual([])
  })
})

describe('what was missed of a conversation', () => {
  it('is what was said since, in order, also of what the log is about to get', async () => {
    const ticket = await support.aTicket(tenant)
    const said = (type: 'MESSAGE_SENT' | 'MESSAGE_RECEIVED', revision: number): Step => ({
      type,
      messageId: crypto.randomUUID(),
      set: { revision },
    })
    await happen(ticket, said('MESSAGE_SENT', 2), tagged('x'), said('MESSAGE_RECEIVED', 3))
    await support.module.sequence()
    await happen(ticket, said('MESSAGE_SENT', 4))
    const reading = missedSince(support.database.forTenant(tenant.id), tenant.id, ticket.id, 2)
    await support.module.sequence()
    expect((await reading).map(({ type, payload }) => [type, payload.revision])).toEqual([
      ['MESSAGE_RECEIVED', 3],
      ['MESSAGE_SENT', 4],
    ])
    const db = support.database.forTenant(tenant.id)
    expect(await missedSince(db, tenant.id, ticket.id, 4)).toEqual([])
    expect(await missedSince(db, tenant.id, 'no id', 0)).toEqual([])
    expect(await missedSince(db, (await support.aTenant()).id, ticket.id, 0)).toEqual([])
  })
})

describe('erasure', () => {
  const verify = (tenantId: string) =>
    verifyLog(support.database.systemPool, { tenantId, links: support.links, now: support.clock.now() })
  const payloads = async (tenantId: string) =>
    support.database.system.loggedEvent.findMany({ where: { tenantId }, orderBy: { sequence: 'asc' } })

  it('takes payload and salt from the log and from what waits for it, of that tenant’s tickets only, and the chain holds', async () => {
    const [gone, kept] = [await support.aTicket(tenant), await support.aTicket(tenant)]
    const foreign = await support.aTicket(await support.aTenant())
    await support.module.sequence()
    await happen(gone, tagged('waits'))
    const erased = await support.database.transact(tenant.id, (tx) =>
      eraseEntries(tx, { ticketIds: [gone.id, foreign.id] }),
    )
    expect(erased).toBeGreaterThan(2)
    await support.module.sequence()
    const rows = await payloads(tenant.id)
    for (const { ticketId, payload, salt } of rows)
      expect([payload, salt].map((one) => one === null)).toEqual(Array(2).fill(ticketId === gone.id))
    expect(rows.filter(({ ticketId }) => ticketId === gone.id)).toHaveLength(erased)
    expect((await payloads(foreign.tenantId)).every(({ payload }) => payload !== null)).toBe(true)
    expect([await verify(tenant.id), await verify(foreign.tenantId)]).toEqual([null, null])
    const { nodes } = await eventsOf(admin)
    expect(new Set(nodes.map(({ ticketId }) => ticketId))).toEqual(new Set([kept.id]))
  })

  it('takes what travelled of a customer, and leaves what the other service still needs', async () => {
    const [gone, kept] = [
      await support.aCustomer(tenant, { externalRefs: [{ source: 'shop', id: 'mia@mail.example' }] }),
      await support.aCustomer(tenant, { externalRefs: [{ source: 'shop', id: 'leo@mail.example' }] }),
    ]
    await support.module.sequence()
    await support.database.transact(tenant.id, (tx) => eraseEntries(tx, { customerIds: [gone.id] }))
    const saved = (await support.events(tenant.id)).filter(({ type }) => type === 'customer.saved')
    expect(saved.map(({ payload }) => (payload as { customerId: string }).customerId)).toEqual([kept.id])
    expect(
      JSON.stringify(await payloads(tenant.id), (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
    ).not.toContain('mia@')
    expect(await verify(tenant.id)).toBeNull()
  })

  it('meets an entry that is just being moved into the log', async () => {
    const ticket = await support.aTicket(tenant)
    await support.module.sequence()
    await happen(ticket, tagged('on its way'))
    const mover = await support.database.systemPool.connect()
    await mover.query('BEGIN')
    await mover.query('DELETE FROM outbox WHERE tenant_id = $1', [tenant.id])
    await mover.query(
      `INSERT INTO event_log SELECT tenant_id, sequence + 100, position + 1000000, gen_random_uuid(), type, occurred_at, '{}', digest, hash, salt, ticket_id
      FROM event_log WHERE tenant_id = $1 AND type = 'TICKET_CREATED'`,
      [tenant.id],
    )
    const erasing = support.database.transact(tenant.id, (tx) => eraseEntries(tx, { ticketIds: [ticket.id] }))
    await expect
      .poll(async () => (await support.asOwner('SELECT FROM pg_locks WHERE NOT granted')).length)
      .toBeGreaterThan(0)
    await mover.query('COMMIT')
    mover.release()
    await erasing
    const moved = (await payloads(tenant.id)).filter(({ ticketId }) => ticketId === ticket.id)
    expect(moved.every(({ payload }) => payload === null)).toBe(true)
  })

  it('needs a tenant', async () => {
    const attempt = support.database.system.$queryRawUnsafe(`SELECT app.erase_entries('{}', '{}')`)
    await expect(attempt).rejects.toMatchObject({ code: '42501' })
  })
})

describe('retention', () => {
  it('keeps what happened to tickets that are not closed longer than it, and what still travels', async () => {
    const day = 86_400_000
    const { clock, database } = support
    const fresh = await support.aTenant()
    await database.system.tenant.updateMany({ where: { id: fresh.id }, data: { eventRetentionDays: 10 } })
    const [open, closedNow, closedLong, deleted] = await Promise.all(
      Array.from({ length: 4 }, () => support.aTicket(fresh)),
    )
    const close = (ticket: Ticket) =>
      happen(ticket, { type: 'STATUS_CHANGED', set: { status: 'CLOSED', closedAt: clock.now() } })
    await close(closedLong!)
    await database.system.message.deleteMany({ where: { ticketId: deleted!.id } })
    await database.system.ticketSla.deleteMany({ where: { ticketId: deleted!.id } })
    await database.system.ticket.deleteMany({ where: { id: deleted!.id } })
    clock.advance(9 * day)
    await close(closedNow!)
    clock.advance(5 * day)
    await support.module.sequence()
    await trimLogs(support)
    const left = await database.system.loggedEvent.findMany({ where: { tenantId: fresh.id } })
    const of = (ticket: Ticket | undefined) => left.filter(({ ticketId }) => ticketId === ticket!.id).length
    expect([of(open) > 0, of(closedNow) > 0, of(closedLong), of(deleted)]).toEqual([true, true, 0, 0])
    expect(left.some(({ ticketId }) => ticketId === null)).toBe(true)
    const verified = { tenantId: fresh.id, links: support.links, now: clock.now() }
    expect(await verifyLog(database.systemPool, verified)).toBeNull()

    clock.advance(30 * day)
    await trimLogs(support)
    const later = await database.system.loggedEvent.findMany({ where: { tenantId: fresh.id } })
    expect(new Set(later.map(({ ticketId }) => ticketId))).toEqual(new Set([open!.id]))
    expect(await verifyLog(database.systemPool, verified)).toBeNull()
  })

  it('says aloud where a log does not verify, and leaves it', async () => {
    const ticket = await support.aTicket(tenant)
    await support.module.sequence()
    await support.database.system.$executeRawUnsafe(
      `UPDATE event_log SET payload = '{}' WHERE tenant_id = '${tenant.id}' AND sequence = 2`,
    )
    await support.database.system.ticket.updateMany({
      where: { id: ticket.id },
      data: { status: 'CLOSED', closedAt: support.clock.now() },
    })
    support.clock.advance(500 * 86_400_000)
    const before = await support.database.system.loggedEvent.count({ where: { tenantId: tenant.id } })
    await trimLogs(support)
    expect(await support.database.system.loggedEvent.count({ where: { tenantId: tenant.id } })).toBe(before)
    const lines = support.logLines.filter((line) => line.includes(tenant.id) && line.includes('does not verify'))
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { kind: 'PAYLOAD', sequence: '2', level: 'error' },
    ])
    await support.database.system.loggedEvent.deleteMany({ where: { tenantId: tenant.id } })
  })
})

describe('a follower of tickets', () => {
  it('acts once in the tenant’s name, and leaves a line in the audit trail where it cannot', async () => {
    const metrics = createMetrics('test')
    const ticket = await support.aTicket(tenant)
    await happen(ticket, tagged('good'), { type: 'SNOOZED' }, tagged('better'))
    await support.module.sequence()
    const acted: string[] = []
    const follower = followTickets(
      { ...support, metrics },
      {
        name: 'test',
        types: ['TAGGED', 'SNOOZED'],
        async handle(tx, events) {
          const own = events.filter(({ tenantId }) => tenantId === tenant.id)
          if (own.some(({ type }) => type === 'SNOOZED')) throw new Error('no snoozing')
          for (const { tenantId, ticketId, payload } of own) {
            const [bound] = await tx.$queryRaw<{ tenant: string }[]>`SELECT app.current_tenant() AS tenant`
            acted.push(`${payload.view.tags.join()} ${bound?.tenant === tenantId} ${ticketId === ticket.id}`)
          }
        },
      },
    )
    for (let tries = 0; tries < 6; tries += 1) await follower.drain?.().catch(() => {})
    await follower.stop()
    expect(acted.slice(-2)).toEqual(['good true true', 'better true true'])
    expect(new Set(acted).size).toBe(2)
    const where = { tenantId: tenant.id, action: 'event.set_aside' }
    expect(await support.database.system.auditEntry.findMany({ where })).toMatchObject([
      { subjectType: 'TicketEvent', actor: { name: 'test' } },
    ])
  })
})

describe('as the application, under row-level security, an index gives the events’ order', () => {
  let agent: Ask
  beforeAll(async () => {
    tenant = await support.aTenant()
    // Twenty tickets, one entry in a hundred of a rare type.
    await support.asOwner(
      `INSERT INTO event_log (tenant_id, sequence, position, event_id, type, occurred_at, ticket_id, payload, salt, digest, hash)
      SELECT $1, n, 1e9 + n, gen_random_uuid(), CASE WHEN n % 100 = 0 THEN 'MERGED' ELSE 'TAGGED' END, now(), md5('t' || n % 20)::uuid,
        '{"view": {"assigneeId": null}, "actor": {"kind": "system", "system": "TIMER", "name": "x"}, "changes": []}', '', '', '' FROM generate_series(1, 20000) AS n`,
      [tenant.id],
    )
    await support.asOwner(
      'INSERT INTO event_head VALUES ($1, 20000) ON CONFLICT (tenant_id) DO UPDATE SET last = 20000',
      [tenant.id],
    )
    await support.asOwner('ANALYZE event_log')
  })

  it.each(['ADMIN', 'AGENT'] as const)('for the role %s', async (role) => {
    tenant = await tenantOfMany()
    agent = await support.asAgent(await support.anAgent(tenant, { role }))
    const plan = (variables: object) =>
      planOf(support, tenant.id, 'event_log', () => agent(eventsQuery, { ...variables }))
    const middle = encodePosition(tenant.id, 10_000n)
    for (const after of [null, middle]) {
      expect(await plan({ after })).toEqual(['Index Scan event_log_pkey'])
      const byType = await plan({ after, types: ['MERGED', 'SPLIT'] })
      expect(byType).toContain('Index Scan event_log_tenant_id_type_sequence_idx')
      expect(byType.filter((node) => /Scan/.test(node) && !/Function|Subquery/.test(node))).toHaveLength(1)
    }
  })

  /** The one made above: each test begins with a tenant of its own. */
  const tenantOfMany = async () =>
    support.database.system.tenant.findFirstOrThrow({
      where: { id: (await support.database.system.eventHead.findFirstOrThrow({ where: { last: 20_000 } })).tenantId },
    })
})
