import { encodePosition, logBounds } from '@quimbi/subgraph/log-cursor.ts'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { TicketEntry } from '../src/log/entries.ts'
import { follow } from '../src/stream/follow.ts'
import { createHub } from '../src/stream/hub.ts'
import type { Step } from '../src/tickets/steps.ts'
import { codesOf, openSupport, start, type TestSupport } from './kit.ts'
import { assigned, change, eventually, serveLive, tagged, take } from './live-kit.ts'

let support: TestSupport
let served: Awaited<ReturnType<typeof serveLive>>
beforeAll(async () => {
  support = await openSupport()
  served = await serveLive(support)
})
afterAll(async () => {
  await served.close()
  await support.close()
})

type InboxEvent = {
  inboxUpdated: { type: string; ticketId: string; ticket?: { subject: string } | null }
}
const inbox =
  'subscription ($after: Cursor, $filter: TicketFilter) { inboxUpdated(after: $after, filter: $filter) { type ticketId } }'
const one =
  'subscription ($ticketId: ID!, $after: Cursor) { ticketUpdated(ticketId: $ticketId, after: $after) { type ticketId } }'
const code = (wanted: string, more: object = {}) => [
  expect.objectContaining({ extensions: expect.objectContaining({ code: wanted, ...more }) }),
]

// An event as it stands in the log, once more.
const copyLast = `INSERT INTO outbox (tenant_id, event_id, type, occurred_at, ticket_id, payload)
  SELECT tenant_id, gen_random_uuid(), type, occurred_at, ticket_id, payload FROM event_log
  WHERE tenant_id = $1 AND type = 'TICKET_UPDATED' ORDER BY sequence DESC LIMIT 1`
/** The sequencer, the tail of the log, and the check of sessions: not by event nor by subscriber. */
const isPlumbing = /outbox|event_head|watched/
const renamed = (subject: string): Step => ({ type: 'TICKET_UPDATED', set: { subject } })

/** The cursor of the end of a tenant's log. */
async function endOf(tenantId: string): Promise<string> {
  await support.module.sequence()
  return encodePosition(tenantId, (await logBounds(support.database.forTenant(tenantId), tenantId)).head)
}

function aHub() {
  const hub = createHub({ pool: support.database.systemPool, bus: support.bus, log: support.log })
  onTestFinished(() => hub.stop())
  return hub
}

describe('the stream of the log', () => {
  it('tells each event once and in order, wherever a reader joins while others write', async () => {
    const tenant = await support.aTenant()
    const { tenantId, ...first } = await support.aTicket(tenant)
    const tickets = [{ tenantId, ...first }, ...(await Promise.all([1, 2, 3].map(() => support.aTicket(tenant))))]
    const from = await endOf(tenant.id)
    const hub = aHub()
    const db = support.database.forTenant(tenant.id)
    const writes = tickets.map(async (ticket) => {
      for (let n = 0; n < 25; n += 1) await change(support, ticket, tagged(`tag-${n}`))
    })
    const total = tickets.length * 25
    const readers = Array.from({ length: 12 }, async (_, index) => {
      await delay(index * 20)
      const options = { hub, db, pageSize: 1 + (index % 7) }
      const entries = follow(options, {
        tenantId: tenant.id,
        after: from,
        show: (entry: TicketEntry) => (entry.type === 'TAGGED' ? entry : null),
      })
      const seen = await take(entries, total)
      await entries.return(undefined)
      return seen.map(({ sequence }) => sequence)
    })
    await Promise.all(writes)
    const seen = await Promise.all(readers)
    const logged = await db.loggedEvent.findMany({
      where: { tenantId: tenant.id, type: 'TAGGED' },
      orderBy: { sequence: 'asc' },
    })
    expect(logged).toHaveLength(total)
    for (const sequences of seen) expect(sequences).toEqual(logged.map(({ sequence }) => sequence))
    expect(hub.size).toBe(0)
  })

  it('reads from the log what does not fit while it replays', async () => {
    const tenant = await support.aTenant()
    const ticket = await support.aTicket(tenant)
    const from = await endOf(tenant.id)
    for (let n = 0; n < 5; n += 1) await change(support, ticket, tagged(`before-${n}`))
    const hub = aHub()
    const entries = follow(
      { hub, db: support.database.forTenant(tenant.id), capacity: 2, pageSize: 2 },
      { tenantId: tenant.id, after: from, show: (entry) => entry },
    )
    const [first] = await take(entries, 1)
    for (let n = 0; n < 10; n += 1) await change(support, ticket, tagged(`during-${n}`))
    const rest = await take(entries, 14)
    await entries.return(undefined)
    const sequences = [first, ...rest].map((entry) => entry?.sequence ?? 0n)
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0n) + BigInt(index)))
  })

  it('ends for who cannot follow, and goes on from their cursor', async () => {
    const tenant = await support.aTenant()
    const ticket = await support.aTicket(tenant)
    await support.module.sequence()
    const hub = aHub()
    const db = support.database.forTenant(tenant.id)
    const options = { hub, db, capacity: 3 }
    const slow = follow(options, { tenantId: tenant.id, show: (entry) => entry })
    const first = slow.next()
    // It is from now on: the first that it tells was written once it stood.
    let last: TicketEntry | undefined
    void first.then(({ value }) => (last = value))
    await eventually(async () => {
      await change(support, ticket, tagged(randomUUID()))
      expect(last).toBeDefined()
    })
    for (let n = 0; n < 6; n += 1) await change(support, ticket, tagged(randomUUID()))
    await eventually(() => expect(hub.size).toBe(1))
    await expect(
      (async () => {
        for (;;) last = (await slow.next()).value
      })(),
    ).rejects.toMatchObject({ extensions: { code: 'RESYNC_REQUIRED', reason: 'OVERFLOW' } })
    expect(hub.size).toBe(0)
    const after = encodePosition(tenant.id, last?.sequence ?? 0n)
    const again = follow(options, { tenantId: tenant.id, after, show: (entry) => entry })
    const { head } = await logBounds(db, tenant.id)
    const missed = await take(again, Number(head - (last?.sequence ?? 0n)))
    expect(missed.at(-1)?.sequence).toBe(head)
    await again.return(undefined)
  })

  it('leaves nothing behind after a thousand readers, joined or not yet', async () => {
    const tenant = await support.aTenant()
    const hub = aHub()
    const db = support.database.forTenant(tenant.id)
    for (let round = 0; round < 10; round += 1) {
      const readers = Array.from({ length: 100 }, () => follow({ hub, db }, { tenantId: tenant.id, show: () => null }))
      expect(hub.size).toBe(100)
      const waiting = readers.filter((_, index) => index % 3 > 0).map((reader) => reader.next())
      if (round % 2 === 0) await delay(5)
      await Promise.all(readers.map((reader) => reader.return(undefined)))
      expect((await Promise.all(waiting)).every(({ done }) => done)).toBe(true)
      expect(hub.size).toBe(0)
    }
  })
})

describe('inboxUpdated', () => {
  it('tells what was missed, then what happens', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const after = await endOf(tenant.id)
    const ticket = await support.aTicket(tenant)
    await support.module.sequence()
    const events = (await served.connectAs(agent)).subscribe<InboxEvent>(inbox, { after })
    const missed = await take(events, 2)
    expect(missed.map(({ data }) => data?.inboxUpdated.type)).toEqual(['TICKET_CREATED', 'MESSAGE_RECEIVED'])
    await change(support, ticket, tagged('late'))
    const [live] = await take(events, 1)
    // RERANKED may stand between; it is told too.
    expect(['TAGGED', 'RERANKED', 'SLA_STARTED']).toContain(live?.data?.inboxUpdated.type)
    await events.return?.()
  })

  it('answers each event afresh, and asks the database nothing that is not selected', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const ticket = await support.aTicket(tenant)
    const after = await endOf(tenant.id)
    const client = await served.connectAs(agent)
    const events = client.subscribe<InboxEvent>(
      'subscription ($after: Cursor) { inboxUpdated(after: $after) { type ticketId ticket { subject } } }',
      { after },
    )
    await change(support, ticket, renamed('a'))
    const [first] = await take(events, 1)
    await change(support, ticket, renamed('b'))
    const [second] = await take(events, 1)
    expect([first, second].map((result) => result?.data?.inboxUpdated.ticket?.subject)).toEqual(['a', 'b'])
    await events.return?.()

    const plain = client.subscribe<InboxEvent>(inbox, { after })
    await take(plain, 2)
    // Not by changeTicket, which asks for much.
    const mark = support.statements.length
    await support.asOwner(copyLast, [tenant.id])
    await support.module.sequence()
    await take(plain, 1)
    const asked = support.statements.slice(mark).filter((sql) => /(ticket|agent|message)/.test(sql))
    expect(asked.filter((sql) => !isPlumbing.test(sql))).toEqual([])
    await plain.return?.()
  })

  it('says that a ticket left the view, and then nothing of it until it is back', async () => {
    const tenant = await support.aTenant()
    const mia = await support.anAgent(tenant, { role: 'AGENT' })
    const leo = await support.anAgent(tenant, { role: 'AGENT' })
    const ticket = await support.aTicket(tenant)
    const other = await support.aTicket(tenant, {}, { assigneeId: leo.id })
    const after = await endOf(tenant.id)
    const client = await served.connectAs(mia)
    const events = client.subscribe<InboxEvent>(inbox, { after })
    await change(support, ticket, assigned(leo.id))
    await change(support, ticket, tagged('hidden'))
    await change(support, other, tagged('hidden too'))
    await change(support, ticket, assigned(null))
    const seen = await take(events, 2)
    const at = ticket.id
    expect(seen.map(({ data }) => data?.inboxUpdated)).toEqual([
      { type: 'LEFT_VIEW', ticketId: at },
      { type: 'UNASSIGNED', ticketId: at },
    ])
    await events.return?.()
    // A replay says the same.
    const again = client.subscribe<InboxEvent>(inbox, { after })
    expect(await take(again, 2)).toEqual(seen)
    await again.return?.()
    const mine = client.subscribe<InboxEvent>(inbox, { after, filter: { unassigned: true } })
    expect(await take(mine, 2)).toEqual(seen)
    await mine.return?.()
  })

  it('refuses cursors and filters of no use', async () => {
    const tenant = await support.aTenant()
    const elsewhere = await support.aTenant()
    const client = await served.connectAs(await support.anAgent(tenant))
    const refused = (variables: object) => client.subscribe(inbox, { ...variables }).next()
    await expect(refused({ after: 'abc' })).rejects.toEqual(code('BAD_USER_INPUT'))
    await expect(refused({ after: encodePosition(elsewhere.id, 1n) })).rejects.toEqual(code('BAD_USER_INPUT'))
    await expect(refused({ after: encodePosition(tenant.id, 999_999n) })).rejects.toEqual(code('RESYNC_REQUIRED'))
    await expect(refused({ filter: { assigneeId: 'me' } })).rejects.toEqual(code('BAD_USER_INPUT'))
  })

  it('is held to a number of subscriptions', async () => {
    const tenant = await support.aTenant()
    const client = await served.connectAs(await support.anAgent(tenant))
    const outcomes: string[] = []
    const all = Array.from({ length: 1_000 }, () => client.subscribe(inbox))
    const waiting = all.map((events) =>
      events.next().then(
        () => outcomes.push('done'),
        () => outcomes.push('refused'),
      ),
    )
    await eventually(() => expect(outcomes).toHaveLength(900))
    expect(new Set(outcomes)).toEqual(new Set(['refused']))
    await client.dispose()
    await Promise.all(waiting)
  })
})

describe('ticketUpdated', () => {
  it('tells what happens to one ticket', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const [ticket, other] = [await support.aTicket(tenant), await support.aTicket(tenant)]
    const after = await endOf(tenant.id)
    await change(support, other, tagged('x'))
    await change(support, ticket, tagged('missed'))
    const events = (await served.connectAs(agent)).subscribe<{ ticketUpdated: object }>(one, {
      ticketId: ticket.id,
      after,
    })
    const tag = { data: { ticketUpdated: { type: 'TAGGED', ticketId: ticket.id } } }
    expect(await take(events, 1)).toEqual([tag])
    await change(support, other, tagged('y'))
    await change(support, ticket, tagged('live'))
    expect(await take(events, 1)).toEqual([tag])
    await events.return?.()
  })

  it('is refused for what the viewer may not see', async () => {
    const [tenant, elsewhere] = [await support.aTenant(), await support.aTenant()]
    const mia = await support.anAgent(tenant, { role: 'AGENT' })
    const leo = await support.anAgent(tenant, { role: 'AGENT' })
    const foreign = await support.aTicket(elsewhere)
    const hidden = await support.aTicket(tenant, {}, { assigneeId: leo.id })
    const client = await served.connectAs(mia)
    for (const ticketId of [foreign.id, hidden.id, randomUUID(), 'no id'])
      await expect(client.subscribe(one, { ticketId }).next()).rejects.toEqual(code('NOT_FOUND'))
  })
})

describe('a login that stays connected', () => {
  it('ends with logout, for its own sockets', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const token = await support.logIn(agent)
    const [gone, stays] = [served.connect(token), await served.connectAs(agent)]
    await Promise.all([gone.connected, stays.connected])
    expect(codesOf(await support.withToken(token)('mutation { logout { userErrors { code } } }'))).toEqual([])
    await support.module.sequence()
    expect(await gone.closed).toEqual({ code: 4401, reason: 'SESSION_ENDED' })
    expect(await served.connect(token).closed).toEqual({ code: 4401, reason: 'SESSION_ENDED' })
    const events = stays.subscribe(inbox)
    const next = events.next()
    await events.return?.()
    expect((await next).done).toBe(true)
  })

  it('ends with deactivation, also where nothing told of it', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const client = await served.connectAs(agent)
    await client.connected
    await support.asOwner('UPDATE agent SET is_active = false WHERE id = $1', [agent.id])
    expect(await client.closed).toEqual({ code: 4401, reason: 'SESSION_ENDED' })
  })

  it('has to look afresh when its role changes', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant, { role: 'SENIOR_AGENT' })
    const hidden = await support.aTicket(tenant, {}, { assigneeId: (await support.anAgent(tenant)).id })
    const client = await served.connectAs(agent)
    const next = client.subscribe(one, { ticketId: hidden.id }).next()
    await client.connected
    await support.asOwner(`UPDATE agent SET role = 'AGENT' WHERE id = $1`, [agent.id])
    await expect(next).rejects.toEqual(code('RESYNC_REQUIRED', { reason: 'ROLE_CHANGED' }))
    await expect(client.subscribe(one, { ticketId: hidden.id }).next()).rejects.toEqual(code('NOT_FOUND'))
  })

  it('ends at the instant at which its token does', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant)
    const claims = JSON.parse(Buffer.from((await support.logIn(agent)).split('.')[1] ?? '', 'base64url').toString())
    const session = { agentId: agent.id, tenantId: tenant.id, sessionId: claims.sid as string, role: 'ADMIN' } as const
    const { token } = await support.issuer.issue(session, new Date(start.getTime() - 86_400_000 + 1_000))
    const client = served.connect(token)
    await client.connected
    expect(await client.closed).toEqual({ code: 4401, reason: 'TOKEN_EXPIRED' })
  })
})
