import { gunzipSync } from 'node:zlib'
import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ExportDoorOptions } from '../src/bulk/door.ts'
import { copyInsight, linesIn, serveExport, type Line } from './bulk-kit.ts'
import { aKey } from './insight-webhooks-kit.ts'
import { anOrder, dayMs, openWorld, startOfTime, type World } from './kit.ts'

let world: World
/** A tenant with three customers who bought, and 1,200 copies of one of them. */
let tenantId: string
let apiKey: string
const total = 1_203
beforeAll(async () => {
  world = await openWorld()
  tenantId = newId()
  apiKey = (await aKey(world, tenantId)).apiKey
  const now = new Date(startOfTime).getTime()
  await world.ingest(
    tenantId,
    [10, 60, 200].flatMap((days, n) =>
      [0, 30, 90].map((more) =>
        anOrder({
          customer: { externalId: `C-${n}` },
          total: '80.00',
          placedAt: new Date(now - (days + more) * dayMs),
        }),
      ),
    ),
  )
  await world.module.settle()
  await copyInsight(world, tenantId, total - 3)
}, 120_000)
afterAll(() => world.close())

async function serve(options: Partial<ExportDoorOptions> = {}) {
  const served = await serveExport(world, options)
  onTestFinished(() => served.close())
  return served
}
const customersIn = (lines: readonly Line[]) => lines.filter(({ id }) => id)

async function queried(): Promise<string[]> {
  const query = `query ($after: String) { queryCustomers(filter: {}, first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`
  type Page = { queryCustomers: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }
  const pageAfter = async (after: string | null): Promise<Page['queryCustomers']> => {
    const { data } = await world.ask<Page>(query, { after }, await world.agent(tenantId))
    if (!data) throw new Error('Nothing was answered.')
    return data.queryCustomers
  }
  const ids: string[] = []
  let after: string | null = null
  do {
    const { nodes, pageInfo } = await pageAfter(after)
    ids.push(...nodes.map(({ id }) => id))
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
  return ids
}

describe('the export', () => {
  it('holds all that queryCustomers finds, and says at its end that it is whole', async () => {
    const served = await serve()
    const { status, headers, lines } = await served.read(apiKey)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8'])
    expect(lines.at(-1)).toEqual({ end: true, cursor: lines.at(-2)?.cursor, customers: total, more: false })
    expect(lines).toHaveLength(total + 1)
    expect(new Set(customersIn(lines).map(({ id }) => id))).toEqual(new Set(await queried()))
    expect(served.notes).toMatchObject([{ customers: total, outcome: 'ok' }])
  })

  it('says of a customer what the graph says', async () => {
    const { lines } = await (await serve()).read(apiKey)
    const id = (
      await world.rows<{ id: string }>(
        `SELECT customer_id AS id FROM customer_ref WHERE tenant_id = $1 AND external_id = 'C-1'`,
        tenantId,
      )
    )[0]!.id
    const query = `query ($id: ID!) { customerInsight(customerId: $id) { id status: dnaStatus lifecycle engagement { score trend }
      dna { archetype { id name level } } churnRisk { score level horizonDays revenueAtRisk { amount currencyCode } basis { asOf } }
      ltvForecast { amount { amount currencyCode } months } externalRefs: sourceRefs { source id }
      behavior { lifetimeValue { amount currencyCode } totalOrders averageOrderValue { amount currencyCode } daysSinceLastPurchase tenureDays returnRate firstOrderAt lastOrderAt } } }`
    type Seen = {
      customerInsight: { dna: { archetype: object }; churnRisk: { score: number; basis: { asOf: string } } } & Record<
        string,
        unknown
      >
    }
    const { data } = await world.ask<Seen>(query, { id }, await world.agent(tenantId))
    const { dna, churnRisk, ...rest } = data!.customerInsight
    const { basis, score, ...churn } = churnRisk
    expect(lines.find((line) => line.id === id)).toEqual({
      ...rest,
      archetype: dna.archetype,
      churnRisk: { ...churn, score: expect.closeTo(score, 9) },
      computedAt: basis.asOf,
      cursor: expect.any(String),
    })
  })

  it('goes on after any line exactly where it was cut', async () => {
    const served = await serve()
    const { text, lines } = await served.read(apiKey)
    for (const at of [1, 499, 500, 501, 777, total - 1, total]) {
      // Cut in the middle of the line after.
      const cut = text.slice(0, text.split('\n').slice(0, at).join('\n').length + 20)
      const whole = linesIn(cut.slice(0, cut.lastIndexOf('\n')))
      const rest = await served.read(apiKey, `?after=${whole.at(-1)?.cursor}`)
      expect([...customersIn(whole), ...customersIn(rest.lines)]).toEqual(customersIn(lines))
      expect(rest.lines.at(-1)).toMatchObject({ end: true, customers: total - at, more: false })
    }
    const last = lines.at(-1)!.cursor
    expect((await served.read(apiKey, `?after=${last}`)).lines).toEqual([
      { end: true, cursor: last, customers: 0, more: false },
    ])
  })

  it('gives so many as are asked for, and says whether there are more', async () => {
    const served = await serve()
    const seen: Line[] = []
    for (let after = ''; ;) {
      const { lines } = await served.read(apiKey, `?limit=602${after}`)
      seen.push(...customersIn(lines))
      const { more, cursor } = lines.at(-1)!
      if (!more) break
      after = `&after=${cursor}`
    }
    expect(seen).toEqual(customersIn((await served.read(apiKey)).lines))
  })

  it('leaves out who was computed before the instant asked for', async () => {
    const served = await serve()
    const since = (offset: number) => new Date(new Date(startOfTime).getTime() + offset).toISOString()
    expect((await served.read(apiKey, `?updatedSince=${since(0)}`)).lines).toHaveLength(total + 1)
    expect((await served.read(apiKey, `?updatedSince=${since(1)}`)).lines).toEqual([
      { end: true, cursor: null, customers: 0, more: false },
    ])
  })

  it('is packed where that is asked for', async () => {
    const served = await serve()
    const { text } = await served.read(apiKey)
    for (const [accepted, encoding] of [
      ['br, gzip;q=0.5', 'gzip'],
      ['gzip;q=0', undefined],
      ['identity', undefined],
    ] as const) {
      const answer = await served.open(apiKey, '', { 'accept-encoding': accepted })
      const bytes = Buffer.concat(await answer.toArray())
      expect(answer.headers['content-encoding']).toBe(encoding)
      expect(String(encoding ? gunzipSync(bytes) : bytes)).toBe(text)
    }
  })

  it('is of the key’s tenant alone, and knows nobody who was erased', async () => {
    const served = await serve()
    const stranger = await aKey(world, newId())
    expect((await served.read(stranger.apiKey)).lines).toEqual([{ end: true, cursor: null, customers: 0, more: false }])
    const { lines } = await served.read(apiKey, '?limit=2')
    const [gone] = lines
    expect((await served.read(stranger.apiKey, `?after=${gone!.cursor}`)).status).toBe(400)
    const own = newId()
    const key = await aKey(world, own)
    await world.ingest(
      own,
      ['A', 'B'].map((externalId) => anOrder({ customer: { externalId } })),
    )
    await world.module.settle()
    const before = customersIn((await served.read(key.apiKey)).lines)
    expect(before).toHaveLength(2)
    const payload = { customerId: before[0]!.id }
    await world.hear({ tenantId: own, type: 'customer.erased', occurredAt: new Date(startOfTime), payload })
    expect(customersIn((await served.read(key.apiKey)).lines)).toEqual(before.slice(1))
    // The place after somebody outlives them.
    expect(customersIn((await served.read(key.apiKey, `?after=${before[0]!.cursor}`)).lines)).toEqual(before.slice(1))
  })
})
