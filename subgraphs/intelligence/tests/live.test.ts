import { newId } from '@quimbi/database/ids.ts'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createLogHub } from '@quimbi/subgraph/hub.ts'
import { logBounds } from '@quimbi/subgraph/log-cursor.ts'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { InsightChange } from '../src/live/changes.ts'
import { encodePlace } from '../src/live/cursor.ts'
import { insightChanged, type InsightEntry } from '../src/live/entries.ts'
import { insightChanges } from '../src/live/service.ts'
import { lensOf } from '../src/profiles/lens.ts'
import type { Move } from '../src/profiles/moves.ts'
import { anOrder, dayMs, openWorld, service, startOfTime, type World } from './kit.ts'
import { churn, code, endOfLog, serveLive, subscription, take, tellMoves, type Change } from './live-kit.ts'

let world: World
let served: Awaited<ReturnType<typeof serveLive>>
beforeAll(async () => {
  world = await openWorld()
  // Models take a moment once; no test is to pay for them.
  await lensOf(world.database.system, newId())
  served = await serveLive(world)
})
afterAll(async () => {
  await served.close()
  await world.close()
})

const now = new Date(startOfTime)
const tell = (tenantId: string, id: string, ...moves: Move[]) => tellMoves(world, tenantId, id, ...moves)
const endOf = (tenantId: string) => endOfLog(world, tenantId)
/** Listens as an agent. */
async function listen(tenantId: string, variables: object) {
  const client = served.connect(await world.agent(tenantId, 'AGENT'))
  const events = client.subscribe<{ insightChanged: Change }>(subscription, { ...variables })
  return {
    client,
    next: async (count: number) => (await take(events, count)).flatMap(({ data }) => data?.insightChanged ?? []),
    leave: () => events.return?.(),
  }
}
function aHub() {
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  const pool = world.database.systemPool
  const options = { name: 'intelligence', types: [insightChanged], pool, bus: createMemoryBus(), log, pollMs: 5 }
  const hub = createLogHub<InsightEntry>(options)
  onTestFinished(() => hub.stop())
  return hub
}
const asking = (tenantId: string, hub = aHub()) => ({
  ...{ viewer: service(tenantId), db: world.database.forTenant(tenantId), live: { hub } },
})

describe('insightChanged', () => {
  it('tells of an order that moved a customer’s insight, with the insight of now', async () => {
    const tenantId = newId()
    const after = await endOf(tenantId)
    const client = served.connect(await world.agent(tenantId))
    type Seen = { insightChanged: Change & { customer: { churnRisk: { score: number } | null } } }
    const events = client.subscribe<Seen>(
      `subscription ($after: Cursor) { insightChanged(after: $after, minChange: 0) { metric from to customer { id churnRisk { score } } } }`,
      { after },
    )
    const churnAfter = async (placedAt: Date) => {
      await world.ingest(tenantId, [anOrder({ placedAt })])
      await world.module.settle()
      await world.module.sequence()
      for (;;) {
        const [moved] = (await take(events, 1)).map(({ data }) => data?.insightChanged)
        if (!moved) throw new Error('The stream ended.')
        if (moved.metric === 'CHURN_RISK') return moved
      }
    }
    const first = await churnAfter(new Date(now.getTime() - 90 * dayMs))
    expect(first).toMatchObject({ from: null, to: expect.any(Number) })
    expect(first.customer.churnRisk?.score).toBeCloseTo(first.to ?? NaN, 12)
    const second = await churnAfter(new Date(now.getTime() - dayMs))
    expect(second.from).toBe(first.to)
    expect(second.to).toBeLessThan(first.to ?? 0)
    expect(second.customer.churnRisk?.score).toBeCloseTo(second.to ?? NaN, 12)
    await events.return?.()
  })

  it('tells what was missed, then what happens, each with a cursor to go on from', async () => {
    const [tenantId, id] = [newId(), newId()]
    const after = await endOf(tenantId)
    await tell(tenantId, id, churn(0.4, 0.5), { metric: 'LTV_12M', from: 100, to: 110 })
    const stream = await listen(tenantId, { after })
    const missed = await stream.next(2)
    expect(missed).toMatchObject([
      { customer: { id }, metric: 'CHURN_RISK', from: 0.4, to: 0.5, at: startOfTime },
      { customer: { id }, metric: 'LTV_12M', from: 100, to: 110 },
    ])
    await tell(tenantId, id, churn(0.5, 0.7))
    const [live] = await stream.next(1)
    expect(live).toMatchObject({ from: 0.5, to: 0.7 })
    await stream.leave()
    for (const [at, { cursor }] of missed.entries()) {
      const again = await listen(tenantId, { after: cursor })
      expect(await again.next(2 - at)).toEqual([...missed, live].slice(at + 1))
      await again.leave()
    }
  })

  it('tells of those who were asked for, and of moves as large as asked for', async () => {
    const [tenantId, mia, leo] = [newId(), newId(), newId()]
    const after = await endOf(tenantId)
    await tell(tenantId, leo, churn(0.4, 0.5))
    for (const [from, to] of [[0.4, 0.44] as const, [0.44, 0.5] as const, [0.5, 0.59] as const, [0.59, 0.6] as const])
      await tell(tenantId, mia, churn(from, to))
    const ofMia = await listen(tenantId, { after, ids: [mia.toUpperCase()] })
    expect((await ofMia.next(3)).map(({ from, to }) => [from, to])).toEqual([
      [0.4, 0.5],
      [0.5, 0.59],
      [0.59, 0.6],
    ])
    await ofMia.leave()
    const large = await listen(tenantId, { after, minChange: 0.1 })
    expect((await large.next(3)).map(({ customer: { id }, from, to }) => [id, from, to])).toEqual([
      [leo, 0.4, 0.5],
      [mia, 0.4, 0.5],
      [mia, 0.5, 0.6],
    ])
    await large.leave()
  })

  it('tells nobody of another tenant’s customers', async () => {
    const [ours, theirs, id] = [newId(), newId(), newId()]
    const after = await endOf(ours)
    const stream = await listen(ours, { after, ids: [id] })
    await tell(theirs, id, churn(0.1, 0.9))
    await tell(ours, id, churn(0.2, 0.9))
    expect(await stream.next(1)).toMatchObject([{ from: 0.2, to: 0.9 }])
    const place = await endOf(theirs)
    await expect((await listen(ours, { after: place })).next(1)).rejects.toEqual(code('BAD_USER_INPUT'))
    await stream.leave()
  })

  it('says nothing any more of what was erased', async () => {
    const [tenantId, gone, stays] = [newId(), newId(), newId()]
    const after = await endOf(tenantId)
    await tell(tenantId, gone, churn(null, 0.9))
    await tell(tenantId, stays, churn(null, 0.8))
    await world.hear({ tenantId, type: 'customer.erased', occurredAt: now, payload: { customerId: gone } })
    const stream = await listen(tenantId, { after })
    expect(await stream.next(1)).toMatchObject([{ customer: { id: stays } }])
    await stream.leave()
  })

  it('refuses cursors, ids and moves of no use', async () => {
    const tenantId = newId()
    const after = await endOf(tenantId)
    const { head } = await logBounds(world.database.forTenant(tenantId), tenantId)
    const client = served.connect(await world.agent(tenantId))
    const refused = (variables: object) => client.subscribe(subscription, { ...variables }).next()
    const ahead = encodePlace(tenantId, { sequence: head + 1n, figure: 0 })
    const none = encodePlace(tenantId, { sequence: 0n, figure: 1 })
    const tooMany = Array.from({ length: 1_001 }, () => newId())
    await expect(refused({ after: 'abc' })).rejects.toEqual(code('BAD_USER_INPUT'))
    await expect(refused({ after: none })).rejects.toEqual(code('BAD_USER_INPUT'))
    await expect(refused({ after: ahead })).rejects.toEqual(code('RESYNC_REQUIRED'))
    await expect(refused({ after, ids: ['me'] })).rejects.toEqual(code('BAD_USER_INPUT', 'ID'))
    await expect(refused({ after, ids: tooMany })).rejects.toEqual(code('BAD_USER_INPUT', 'LIMIT'))
    await expect(refused({ after, minChange: 1.5 })).rejects.toEqual(code('BAD_USER_INPUT', 'MIN_CHANGE'))
    await expect(refused({ after, minChange: -0.1 })).rejects.toEqual(code('BAD_USER_INPUT', 'MIN_CHANGE'))
  })

  it('asks for a fresh look where the log does not reach back', async () => {
    const tenantId = newId()
    const early = await endOf(tenantId)
    await tell(tenantId, newId(), churn(0.1, 0.9))
    const { head } = await logBounds(world.database.forTenant(tenantId), tenantId)
    await world.rows(
      `INSERT INTO log_checkpoint (tenant_id, sequence, hash, created_at, key_id, signature) VALUES ($1, $2, '', now(), '', '')`,
      ...[tenantId, head],
    )
    await expect((await listen(tenantId, { after: early })).next(1)).rejects.toEqual(code('RESYNC_REQUIRED'))
    const late = await listen(tenantId, { after: encodePlace(tenantId, { sequence: head, figure: 2 }) })
    await tell(tenantId, newId(), churn(0.2, 0.9))
    expect(await late.next(1)).toMatchObject([{ from: 0.2 }])
    await late.leave()
  })
})

describe('the stream', () => {
  it('tells each change once and in order, wherever a reader joins while others write', async () => {
    const [tenantId, total] = [newId(), 60]
    const after = await endOf(tenantId)
    const hub = aHub()
    const writing = (async () => {
      for (let n = 0; n < total; n += 1) await tell(tenantId, newId(), churn(0.1, 0.2 + n / 1_000))
    })()
    const readers = Array.from({ length: 6 }, async (_, index) => {
      const changes = insightChanges(asking(tenantId, hub), { after }, { pageSize: 1 + index })
      const seen = await take(changes, total)
      await changes.return(undefined)
      return seen.map(({ to }) => to)
    })
    const expected = Array.from({ length: total }, (_, n) => 0.2 + n / 1_000)
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(expected)
    await writing
    expect(hub.size).toBe(0)
  })

  it('ends for who cannot follow, and goes on from their cursor', async () => {
    const [tenantId, capacity] = [newId(), 20]
    const hub = aHub()
    let heard = 0
    await hub.join(tenantId, { hear: () => (heard += 1), lose: () => {} }).ready
    const slow = insightChanges(asking(tenantId, hub), {}, { capacity })
    const first = slow.next()
    // It is from now on: the first that it tells was written once it stood.
    let last: InsightChange | undefined
    void first.then(({ value }) => (last = value))
    let count = 0
    const tellOne = () => tell(tenantId, newId(), churn(null, (count += 1) / 1_000))
    while (!last) await tellOne()
    for (let n = 0; n < capacity + 5; n += 1) await tellOne()
    await expect.poll(() => heard, { timeout: 20_000 }).toBe(count)
    const reading = async () => {
      for await (const change of slow) last = change
    }
    await expect(reading()).rejects.toMatchObject({ extensions: { code: 'RESYNC_REQUIRED', reason: 'OVERFLOW' } })
    const again = insightChanges(asking(tenantId, hub), { after: last.cursor })
    const missed = Math.round(count - (last.to ?? 0) * 1_000)
    expect((await take(again, missed)).at(-1)?.to).toBe(count / 1_000)
    await again.return(undefined)
  })

  it('leaves nothing behind after hundreds of readers, joined or not yet', async () => {
    const tenantId = newId()
    const hub = aHub()
    const readers = Array.from({ length: 300 }, () => insightChanges(asking(tenantId, hub), {}))
    expect(hub.size).toBe(300)
    const waiting = readers.filter((_, index) => index % 3 > 0).map((reader) => reader.next())
    await Promise.all(readers.map((reader) => reader.return(undefined)))
    expect((await Promise.all(waiting)).every(({ done }) => done)).toBe(true)
    expect(hub.size).toBe(0)
  })
})
