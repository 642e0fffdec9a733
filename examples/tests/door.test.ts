import { newId } from '@quimbi/database/ids.ts'
import { PartnerError } from '@quimbi/partner-client/errors.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { churn, endOfLog, tellMoves } from '../../subgraphs/intelligence/tests/live-kit.ts'
import { anOrder, openWorld, type World } from '../../subgraphs/intelligence/tests/kit.ts'
import { openShop, serveDoor } from './kit.ts'

let world: World
let door: Awaited<ReturnType<typeof serveDoor>>
let shop: Awaited<ReturnType<typeof openShop>>
let ids: string[]
const patience = 180_000
beforeAll(async () => {
  world = await openWorld()
  door = await serveDoor(world)
  shop = await openShop(world)
  const rows = await world.rows<{ id: string }>('SELECT id FROM customer WHERE tenant_id = $1', shop.tenantId)
  ids = rows.map(({ id }) => id)
}, patience)
afterAll(async () => {
  await door.close()
  await world.close()
})

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
const money = { amount: expect.stringMatching(/^-?\d+(\.\d+)?$/), currencyCode: 'USD' }
const anInput = (customerId: string) => ({ customerId, orders: [plainOrder(customerId)] })
const plainOrder = (customerId: string) => {
  const { externalId, placedAt, total, currencyCode } = anOrder({ customer: { externalId: customerId } }).order
  return { externalId, placedAt: placedAt.toISOString(), total, currencyCode }
}

describe('the client at the real door', () => {
  it('reads insight of one, of many and of all', async () => {
    const client = door.client(shop.key)
    const id = ids[0] ?? ''
    expect(await client.customerInsight(id)).toMatchObject({
      id,
      dnaStatus: 'READY',
      churnRisk: { revenueAtRisk: money },
    })
    expect(await client.customerInsight(newId())).toBeNull()
    const some = await client.customerInsights([...ids, ...ids, ...ids])
    expect(some.map((one) => one?.id)).toEqual([...ids, ...ids, ...ids])
    const pages = await all(client.queryCustomers({ orderBy: 'CHURN_RISK' }, { pageSize: 15 }))
    expect(pages.map(({ nodes }) => nodes.length)).toEqual([15, 15, 10])
    expect(new Set(pages.flatMap(({ nodes }) => nodes.map((one) => one.id)))).toEqual(new Set(ids))
    const exported = await all(client.exportInsight())
    expect(exported.map((one) => one.id).sort()).toEqual([...ids].sort())
    expect(await all(client.exportInsight({ after: exported[29]?.cursor }))).toEqual(exported.slice(30))
    expect(await all(client.exportInsight({ limit: 7 }))).toEqual(exported.slice(0, 7))
  })

  it('asks, scores, advises and writes', async () => {
    const client = door.client(shop.key)
    const asked = await client.askCustomers('customers with a high churn risk')
    expect(asked).toMatchObject({ explanation: expect.any(String), customers: { totalCount: expect.any(Number) } })
    const scores = await client.scoreCustomers([...ids, ...ids], 'RETENTION')
    expect(scores.map(({ customerId }) => customerId).sort()).toEqual([...ids].sort())
    expect(scores.map(({ score }) => score)).toEqual(scores.map(({ score }) => score).sort((a, b) => b - a))
    const customerId = ids[0] ?? ''
    expect(await client.personalizeOffer({ customerId, goal: 'RETAIN' })).toMatchObject({ expectedCost: money })
    expect(await client.optimizeTiming({ customerId, messageType: 'PROMOTION' })).toMatchObject({ channel: 'EMAIL' })
    const products = await client.recommendContent({ customerId, objective: 'UPSELL' })
    expect(products.length).toBeLessThanOrEqual(5)
    const turns = [{ fromAgent: false, content: 'Where is my order?' }]
    const triage = await client.triageMessage({ turns, channel: 'EMAIL' })
    expect(triage).toMatchObject({ language: 'en', sentiment: { emotion: expect.any(String) } })
    const draft = await client.generateMessage({ customerId, turns, channel: 'EMAIL', goal: 'RESOLVE_SUPPORT_ISSUE' })
    expect(draft.content.length).toBeGreaterThan(10)
    const [archetype] = await client.archetypes()
    const campaign = { archetypeId: archetype?.id ?? '', objective: 'RETAIN', channel: 'EMAIL' } as const
    expect(await client.generateCampaign(campaign)).toHaveLength(2)
    expect((await client.segments('PURCHASE_VALUE')).length).toBeGreaterThan(1)
    expect((await client.churnTrend(30)).length).toBeGreaterThan(0)
    expect(await client.rateLimit()).toMatchObject({ limit: 10_000 })
  })

  it('analyzes what is passed in, a thousand at a time', async () => {
    const client = door.client(shop.key)
    const customers = Array.from({ length: 1_100 }, (_, n) => anInput(`P-${n}`))
    const answers = await all(client.analyzeCustomers(customers))
    expect(answers.map(({ customerId }) => customerId)).toEqual(customers.map(({ customerId }) => customerId))
    expect(answers.every(({ status, churnRisk }) => status === 'READY' && churnRisk !== null)).toBe(true)
  })

  it('takes orders in once, and tells which were refused', async () => {
    const client = door.client(shop.key)
    const orders = Array.from({ length: 1_200 }, (_, n) => ({
      customer: { externalId: `N-${n % 50}` },
      order: { ...plainOrder('x'), total: n === 1_100 ? '-1' : '10.00' },
    }))
    const { userErrors, ...counts } = await client.ingestOrders({ source: 'other', orders })
    expect(counts).toEqual({ accepted: 1_199, updated: 0, duplicates: 0 })
    expect(userErrors.map(({ path }) => path?.slice(0, 3))).toEqual([['input', 'orders', '1100']])
    expect(await client.ingestOrders({ source: 'other', orders })).toMatchObject({ accepted: 0, duplicates: 1_199 })
    const event = { externalId: 'e-1', at: plainOrder('x').placedAt, name: 'visit' }
    const events = [{ customer: { externalId: 'N-1' }, event }]
    expect(await client.ingestEvents({ source: 'other', events })).toMatchObject({ accepted: 1, userErrors: [] })
    const interaction = { externalId: 'i-1', channel: 'EMAIL', at: event.at, kind: 'REVIEW' } as const
    const interactions = [{ customer: { externalId: 'N-1' }, interaction }]
    expect(await client.ingestInteractions({ source: 'other', interactions })).toMatchObject({ accepted: 1 })
  })

  it('says what a wrong key, a wrong id and a wrong document are told', async () => {
    const unknown = door.client('qk_live_unknown')
    const calls = [() => unknown.rateLimit(), () => all(unknown.exportInsight()), () => unknown.insightChanged().next()]
    for (const call of calls) {
      const error = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(PartnerError)
      expect(error).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false })
    }
    const client = door.client(shop.key)
    await expect(client.request('{ models { id } }')).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' })
    await expect(
      client.generateCampaign({ archetypeId: newId(), objective: 'RETAIN', channel: 'EMAIL' }),
    ).rejects.toMatchObject({ name: 'PartnerError', requestId: expect.any(String) })
    await expect(all(client.insightChanged({ customerIds: ['none'] }))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })
})

describe('changes of insight', () => {
  const moved = (n: number) => churn(n - 1, n)

  it('come once and in order, whatever is cut, and go on where a reader stopped', async () => {
    const after = await endOfLog(world, shop.tenantId)
    const customerId = ids[3] ?? ''
    const heard: number[] = []
    let cursor = after
    for (let round = 1; round <= 3; round += 1) {
      const changes = door.client(shop.key).insightChanged({ after: cursor })
      for (let n = 1; n <= 4; n += 1) {
        await tellMoves(world, shop.tenantId, customerId, moved(heard.length + 1))
        const { value } = await changes.next()
        heard.push(value?.to ?? NaN)
        cursor = value?.cursor ?? ''
        if (n === 2) door.wire.cut()
      }
      await changes.return(undefined)
    }
    expect(heard).toEqual(Array.from({ length: 12 }, (_, n) => n + 1))
  })

  it('wait for a slow reader, without a limit on how slow', async () => {
    const after = await endOfLog(world, shop.tenantId)
    const changes = door.client(shop.key).insightChanged({ after, minChange: 0 })
    for (let n = 1; n <= 30; n += 1)
      await tellMoves(world, shop.tenantId, ids[n] ?? '', ...Array.from({ length: 3 }, (_, k) => moved(n * 100 + k)))
    const heard: (number | null)[] = []
    while (heard.length < 30) {
      const { value } = await changes.next()
      heard.push(value?.to ?? null)
    }
    await changes.return(undefined)
    expect(new Set(heard).size).toBe(30)
  })

  it('that are known no more end the stream, or are loaded afresh by who can', async () => {
    const other = await openShop(world, 1)
    const early = await endOfLog(world, other.tenantId)
    const late = await endOfLog(world, other.tenantId)
    // The log begins at its end.
    await world.rows(
      `INSERT INTO log_checkpoint (tenant_id, sequence, hash, created_at, key_id, signature)
       SELECT $1, max(sequence), '', now(), '', '' FROM event_log WHERE tenant_id = $1`,
      other.tenantId,
    )
    const client = door.client(other.key)
    await expect(client.insightChanged({ after: early }).next()).rejects.toMatchObject({ code: 'RESYNC_REQUIRED' })
    const reasons: string[] = []
    const onResync = (reason: string) => (reasons.push(reason), late)
    const changes = client.insightChanged({ after: early, onResync })
    const next = changes.next()
    await vi.waitFor(() => expect(reasons).toEqual(['TOO_OLD']), { timeout: 10_000 })
    await tellMoves(world, other.tenantId, newId(), churn(0.1, 0.9))
    expect((await next).value?.to).toBe(0.9)
    await changes.return(undefined)
    const foreign = await endOfLog(world, shop.tenantId)
    await expect(client.insightChanged({ after: foreign }).next()).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it('end with the signal', async () => {
    const stop = new AbortController()
    const changes = door.client(shop.key).insightChanged({ signal: stop.signal })
    const next = changes.next()
    await vi.waitFor(() => expect(door.wire.size()).toBeGreaterThan(0))
    stop.abort(new Error('enough'))
    await expect(next).rejects.toThrow('enough')
    await vi.waitFor(() => expect(door.wire.size()).toBe(0), { timeout: 10_000 })
  })
})
