import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Prisma, Tenant } from '../generated/prisma/client.ts'
import { readFigures } from '../src/reports/read.ts'
import { reportOf, type World } from './reports-oracle.ts'
import { codesOf, openSupport, type Ask, type TestAgent, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => {
  support = await openSupport()
})
afterAll(() => support.close())

const metrics = `query ($from: DateTime!, $to: DateTime!) { supportMetrics(from: $from, to: $to) {
  created closed reopened medianFirstResponseSeconds medianResolutionSeconds
  slaAttainment { metric achieved breached rate } satisfaction { answered average positiveShare }
  series { date created closed medianFirstResponseSeconds }
  byAgent { agent { id } replied closed medianFirstResponseSeconds slaRate satisfaction }
  byChannel { channel count }
  draftFunnel {
    total { eligible shown inserted sentUnchanged sentEdited resolved }
    byIntent { intent counts { eligible shown inserted sentUnchanged sentEdited resolved } }
  }
} }`

async function report(ask: Ask, from: string, to: string) {
  const { data, errors } = await ask<{ supportMetrics: ReturnType<typeof reportOf> }>(metrics, { from, to })
  expect(errors).toEqual([])
  return data!.supportMetrics
}

/** Numbers that look random and are the same in each run. */
function dice(seed: number) {
  let state = seed
  const roll = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const pick = <T>(of: readonly T[]): T => of[roll(of.length)] as T
  return { roll, pick }
}

const first = Date.parse('2026-10-20T00:00:00Z')
const span = 14 * 86_400_000

/** Fourteen days around the end of summer time, demo and merged tickets, automatic and recalled messages among them. */
async function aWorld(tenant: Tenant, agents: readonly TestAgent[], seed: number, size = 120): Promise<World> {
  const { roll, pick } = dice(seed)
  const tenantId = tenant.id
  const customer = await support.aCustomer(tenant)
  const agentIds = agents.map(({ id }) => id)
  const world: World = { tickets: [], messages: [], satisfactions: [], drafts: [], events: [] }
  const later = (from: Date, most: number) => new Date(from.getTime() + roll(most))
  for (let count = 0; count < size; count += 1) {
    const createdAt = new Date(first + roll(span))
    const firstRepliedAt = pick([null, createdAt, later(createdAt, 90_000_000), later(createdAt, 9_000_000)])
    const closedAt = pick([null, later(createdAt, 200_000_000)])
    const ticket = {
      ...{ tenantId, id: newId(), number: 5_000 + count, subject: 'x', customerId: customer.id, rank: 0 },
      ...{ createdAt, updatedAt: createdAt, firstRepliedAt, closedAt, status: closedAt ? 'CLOSED' : 'OPEN' },
      channel: pick(['EMAIL', 'SMS', 'PHONE', 'CHAT']),
      intent: pick([null, 'refund', 'where-is-it']),
      assigneeId: pick([null, ...agentIds]),
      isDemo: roll(8) === 0,
      mergedIntoId: closedAt && roll(8) === 0 ? newId() : null,
    }
    world.tickets.push(ticket)
    const message = (createdAtOf: Date, more: object = {}) =>
      world.messages.push({
        ...{ tenantId, id: newId(), ticketId: ticket.id, fromAgent: true, authorName: 'x', content: 'x' },
        ...{
          authorAgentId: pick(agentIds),
          isAutomatic: false,
          deliveryStatus: 'SENT',
          createdAt: createdAtOf,
          ...more,
        },
      })
    if (firstRepliedAt) message(firstRepliedAt)
    message(
      later(createdAt, 90_000_000),
      pick([{}, { isAutomatic: true }, { deliveryStatus: 'RECALLED' }, { fromAgent: false, authorAgentId: null }]),
    )
    if (closedAt && roll(2) === 0)
      world.satisfactions.push({
        ...{ tenantId, ticketId: ticket.id, score: 1 + roll(5), agentId: ticket.assigneeId },
        answeredAt: later(closedAt, 90_000_000),
      })
    if (roll(2) === 0)
      world.drafts.push({
        ...{ tenantId, draftId: newId(), ticketId: pick([null, ticket.id]), updatedAt: createdAt },
        outcome: pick(['SHOWN', 'INSERTED', 'DISCARDED', 'SENT_UNCHANGED', 'SENT_EDITED']),
        createdAt: later(createdAt, 90_000_000),
        intent: pick([null, 'refund']),
      })
    const view = { assigneeId: ticket.assigneeId, isDemo: ticket.isDemo }
    const event = (type: string, payload: object) =>
      world.events.push({
        type,
        ticketId: ticket.id,
        occurredAt: later(createdAt, 200_000_000),
        payload: { view, changes: [], ...payload },
      })
    event(pick(['SLA_ACHIEVED', 'SLA_BREACHED', 'SLA_WARNING']), {
      data: { metric: pick(['FIRST_RESPONSE', 'RESOLUTION']) },
    })
    if (closedAt) event('STATUS_CHANGED', { changes: [{ field: 'status', from: pick(['CLOSED', 'OPEN']), to: 'x' }] })
  }
  await write(tenantId, world, seed)
  return world
}

async function write(tenantId: string, world: World, seed: number): Promise<void> {
  const db = support.database.forTenant(tenantId)
  await db.ticket.createMany({ data: world.tickets as Prisma.TicketCreateManyInput[] })
  await db.message.createMany({ data: world.messages as Prisma.MessageCreateManyInput[] })
  await db.satisfaction.createMany({ data: world.satisfactions })
  await db.draftUse.createMany({ data: world.drafts as Prisma.DraftUseCreateManyInput[] })
  // Past the sequencer, at places of the log that it does not reach here.
  await support.asOwner(
    `INSERT INTO event_log (tenant_id, sequence, position, event_id, type, occurred_at, ticket_id, payload, digest, hash)
     SELECT $1, 900000 + n, $3::int * 1000000 + n, gen_random_uuid(), e->>'type', (e->>'occurredAt')::timestamptz, (e->>'ticketId')::uuid, e->'payload', '', ''
     FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS given (e, n)`,
    [tenantId, JSON.stringify(world.events), seed],
  )
}

async function aShop() {
  const tenant = await support.aTenant()
  const agents = [await support.anAgent(tenant, { name: 'Ada' }), await support.anAgent(tenant, { name: 'Bo' })]
  return { tenant, agents, ask: await support.asAgent(agents[0]!) }
}

const ranges = [
  ['2026-10-19T22:00:00.000Z', '2026-11-05T23:00:00.000Z'],
  ['2026-10-24T10:00:00.000Z', '2026-10-26T11:30:00.000Z'],
  ['2026-10-25T00:00:00.000Z', '2026-10-25T00:00:00.001Z'],
] as const

describe('a report', () => {
  it.each([1, 2, 3])('is what counting row by row gives (%i)', async (seed) => {
    const { tenant, agents, ask } = await aShop()
    const stranger = await aShop()
    await aWorld(stranger.tenant, stranger.agents, 100 + seed, 20)
    const world = await aWorld(tenant, agents, seed)
    for (const [from, to] of ranges)
      expect(await report(ask, from, to)).toEqual(
        reportOf(world, agents, { from, to, timeZone: 'Europe/Paris', withDemo: false }),
      )
  })

  it('of a demo counts its tickets', async () => {
    const { tenant, agents, ask } = await aShop()
    await support.asOwner('UPDATE tenant SET is_demo = TRUE WHERE id = $1', [tenant.id])
    const world = await aWorld(tenant, agents, 7)
    const [from, to] = ranges[0]
    expect(await report(ask, from, to)).toEqual(
      reportOf(world, agents, { from, to, timeZone: 'Europe/Paris', withDemo: true }),
    )
  })

  it('counts each promise once, by how it ended: an answer that was taken back kept none', async () => {
    const { agents, tenant, ask } = await aShop()
    const target = {
      metric: 'FIRST_RESPONSE',
      priority: 'NORMAL',
      seconds: 60,
      warnBeforeSeconds: 0,
      businessHours: false,
    }
    const policy = { name: 'P', order: 1, conditions: {}, targets: [target] }
    await ask(`mutation ($policy: SaveSlaPolicyInput!) { saveSlaPolicy(input: $policy) { userErrors { code } } }`, {
      policy,
    })
    const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }`
    const recall = `mutation ($id: ID!) { recallMessage(input: { id: $id }) { userErrors { code } } }`
    const from = support.clock.now().toISOString()
    const answer = async ({ id: ticketId }: { id: string }) => {
      const input = { ticketId, content: 'Soon.', idempotencyKey: newId() }
      const { data } = await ask<{ sendMessage: { message: { id: string } } }>(send, { input })
      return data!.sendMessage.message.id
    }
    for (const wait of [1_000, 60_000]) {
      support.clock.advance(1_000)
      const ticket = await support.aTicket(tenant, {}, { assigneeId: agents[0]!.id })
      support.clock.advance(1_000)
      const id = await answer(ticket)
      support.clock.advance(1_000)
      expect((await ask(recall, { id })).data).toEqual({ recallMessage: { userErrors: [] } })
      support.clock.advance(wait)
      await answer(ticket)
    }
    await support.module.sequence()
    support.clock.advance(1_000)
    const { slaAttainment, byAgent } = await report(ask, from, support.clock.now().toISOString())
    expect(slaAttainment[0]).toEqual({ metric: 'FIRST_RESPONSE', achieved: 1, breached: 1, rate: 0.5 })
    expect(byAgent[0]).toMatchObject({ agent: { id: agents[0]!.id }, slaRate: 0.5 })
  })

  it('has every day, and nulls where nothing happened', async () => {
    const { ask } = await aShop()
    const { series, created, medianFirstResponseSeconds, satisfaction, byAgent } = await report(
      ask,
      '2026-02-27T23:00:00Z',
      '2026-03-02T23:00:00Z',
    )
    expect(series.map(({ date }) => date)).toEqual(['2026-02-28', '2026-03-01', '2026-03-02'])
    expect({ created, medianFirstResponseSeconds, satisfaction, byAgent }).toEqual({
      ...{ created: 0, medianFirstResponseSeconds: null, byAgent: [] },
      satisfaction: { answered: 0, average: null, positiveShare: null },
    })
  })

  it('is for who may read reports, and of a time that is one', async () => {
    const { tenant, ask } = await aShop()
    const range = { from: '2026-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' }
    for (const role of ['AGENT', 'SENIOR_AGENT'] as const) {
      const other = await support.asAgent(await support.anAgent(tenant, { role }))
      expect(codesOf(await other(metrics, range))).toEqual(['FORBIDDEN'])
    }
    const lead = await support.asAgent(await support.anAgent(tenant, { role: 'TEAM_LEAD' }))
    expect(codesOf(await lead(metrics, range))).toEqual([])
    expect(codesOf(await ask(metrics, { ...range, to: '2027-01-02T00:00:00.001Z' }))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await ask(metrics, { from: range.to, to: range.from }))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await ask(metrics, { from: range.to, to: range.to }))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await ask(metrics, { from: '0001-01-01T00:00:00Z', to: '0001-01-02T00:00:00Z' }))).toEqual([
      'BAD_USER_INPUT',
    ])
  })
})

it('of one day reads pieces of indexes, and may write nothing', async () => {
  const { tenant, agents } = await aShop()
  const other = await aShop()
  const from = new Date(support.clock.now().getTime() - 86_400_000)
  const range = { tenantId: tenant.id, from, to: support.clock.now(), timeZone: 'Europe/Paris', withDemo: false }
  for (const shop of [tenant, other.tenant]) {
    const customer = await support.aCustomer(shop)
    await support.manyTickets(shop, 10_000, [null], [customer.id])
  }
  await aWorld(tenant, agents, 8, 20)
  await support.asOwner('VACUUM ANALYZE')
  const scans = await support.database.transact(tenant.id, async (tx) => {
    const { opened } = await readFigures(tx, range)
    expect(opened.find(({ of }) => of === 3)?.count).toBe(1_440)
    // What this transaction alone has read so far.
    return tx.$queryRaw`SELECT name, pg_stat_get_xact_numscans(name::regclass)::int AS scans FROM unnest(ARRAY['ticket', 'message', 'event_log']) AS name`
  })
  expect(scans).toEqual(['ticket', 'message', 'event_log'].map((name) => ({ name, scans: 0 })))
  const before = support.statements.length
  await report(other.ask, from.toISOString(), range.to.toISOString())
  expect(support.statements.slice(before)).toContainEqual(expect.stringContaining('READ ONLY'))
})
