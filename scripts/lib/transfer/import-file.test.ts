import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { retailLines } from '../../../bench/lib/generated-files.ts'
import { root } from '../root.ts'
import { openTestWorld, type TestWorld } from './test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await openTestWorld()
})
afterAll(() => world.close())

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n'
const orders = async (tenantId: string) =>
  (
    await world.intelligence.system.order.findMany({
      where: { tenantId },
      include: { items: true },
      orderBy: { externalId: 'asc' },
    })
  ).map(({ externalId, status, total, refunded, items }) => [
    externalId,
    status,
    String(total),
    refunded && String(refunded),
    items.length,
  ])

describe('importing Online Retail lines', () => {
  it('puts invoices together, turns credit notes round, and keeps bad lines aside', async () => {
    const tenant = await world.tenant()
    const lines = [
      '1,A,a,3,2011-01-01 10:00:00,0.1,c1,UK',
      'C2,A,a,-2,2011-01-02 10:00:00,1.255,c1,UK',
      '1,B,"b, 2",1,2011-01-01 10:00:00,2.55,c1,UK',
      '1,A,a,1,2011-01-01 10:00:00,1,,UK',
      '1,A,a,-1,2011-01-01 10:00:00,1,c1,UK',
      '3,A,a,1,2011-01-01 10:00:00,-1,c1,UK',
      '3,"A"x,a,1',
      '1,A,a,1,2011-01-01 10:00:00,1,c2,UK',
    ]
    const summary = await world.import('orders', tenant, header + lines.join('\n'))
    expect(summary).toMatchObject({ rows: 8, accepted: 2, rejected: 5 })
    expect(await orders(tenant.id)).toEqual([
      ['1', 'PAID', '2.85', null, 2],
      ['C2', 'RETURNED', '0', '2.51', 1],
    ])
    const rejects = world.rejects().toSorted((a, b) => a.line - b.line)
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'no CustomerID'],
      [6, 'a negative Quantity outside a cancellation'],
      [7, 'a negative UnitPrice'],
      [8, 'text after a closing quote'],
      [9, 'another CustomerID than the first line of the invoice'],
    ])
  })

  it('reports lines that come after their invoice was closed, and changes nothing', async () => {
    const tenant = await world.tenant()
    const late = '536000,X,late,1,2011-01-01 10:00:00,9,12000,UK\n'
    const summary = await world.import('orders', tenant, retailLines(12_000) + late)
    expect(summary).toMatchObject({ accepted: 600, updated: 0, rejected: 1 })
    expect(summary.reasons).toEqual([
      { reason: 'the rest of this invoice lies too far above', count: 1, lines: [12_002] },
    ])
  })

  it('goes on where it was ended, and adds nothing when all is in', async () => {
    const [tenant, whole] = [await world.tenant(), await world.tenant()]
    const file = retailLines(40_000)
    const controller = new AbortController()
    const first = await world.import('orders', tenant, file, {
      signal: controller.signal,
      onProgress: ({ accepted }) => accepted > 0 && controller.abort(),
    })
    expect(first.stopped).toBe(true)
    expect(first.accepted).toBeGreaterThan(0)
    expect(first.accepted).toBeLessThan(2_000)
    const second = await world.import('orders', tenant, file)
    expect(second).toMatchObject({
      accepted: 2_000 - first.accepted,
      updated: 0,
      duplicates: first.accepted,
      rejected: 0,
    })
    await world.import('orders', whole, file)
    expect(await world.export('orders', tenant)).toBe(await world.export('orders', whole))
    expect(await world.import('orders', tenant, file)).toMatchObject({ accepted: 0, updated: 0, duplicates: 2_000 })
  })

  it('writes nothing in a dry run, and says what would happen', async () => {
    const tenant = await world.tenant()
    expect(await world.import('orders', tenant, retailLines(100), { dryRun: true })).toMatchObject({
      accepted: 5,
      rejected: 0,
    })
    expect(await world.export('orders', tenant)).toBe('')
  })
})

describe('importing other files', () => {
  it('takes one order a row, returns too', async () => {
    const tenant = await world.tenant()
    const file =
      'customer_id,order_id,ts,amount,items,lines,is_return\n1,a,1997-01-01,11.77,1,1,0\n1,b,1997-01-12,5,1,1,1\n1,a,1997-01-01,1,1,1,0\n,c,x,1,1,1,0\n'
    expect(await world.import('orders', tenant, file, { source: 'cdnow' })).toMatchObject({ accepted: 2, rejected: 2 })
    expect(await orders(tenant.id)).toEqual([
      ['a', 'PAID', '11.77', null, 0],
      ['b', 'RETURNED', '0', '5', 0],
    ])
  })

  it('refuses an unknown header, an unnamed source and another currency before anything is written', async () => {
    const tenant = await world.tenant()
    await expect(world.import('orders', tenant, 'a,b\n1,2\n')).rejects.toThrow(/Online Retail lines: InvoiceNo/)
    await expect(world.import('customers', tenant, header)).rejects.toThrow(/customers: id,name/)
    await expect(
      world.import('orders', tenant, 'customer_id,order_id,ts,amount,items,lines,is_return\n'),
    ).rejects.toThrow(/--source/)
    await expect(world.import('orders', tenant, header, { currencyCode: 'USD' })).rejects.toThrow(/USD/)
    await expect(world.importPath('orders', tenant, '/nowhere.csv')).rejects.toThrow('There is no file /nowhere.csv.')
    await expect(world.importPath('orders', tenant, '/')).rejects.toThrow('/ is a folder, not a file.')
  })

  it('keeps records aside that the service refuses, and those of the wrong shape', async () => {
    const tenant = await world.tenant()
    const order = (more: object) =>
      JSON.stringify({
        source: 's',
        externalId: '1',
        customer: { externalId: 'c' },
        placedAt: '2026-01-01',
        total: '1',
        ...more,
      })
    const file = [
      order({}),
      order({ externalId: '2', currencyCode: 'USD' }),
      order({ externalId: '3', total: {} }),
      '{',
      order({ externalId: '\ud800' }),
      '[1]',
    ]
    const summary = await world.import('orders', tenant, file.join('\n'))
    expect(summary).toMatchObject({ rows: 6, accepted: 1, rejected: 5 })
    expect(
      world
        .rejects()
        .map(({ line }) => line)
        .toSorted(),
    ).toEqual([2, 3, 4, 5, 6])
  })

  it('takes one message from columns of a CSV file', async () => {
    const tenant = await world.tenant()
    const file =
      'externalSource,externalId,customerSource,customerExternalId,subject,channel,createdAt,message,authorName\ndesk,1,shop,c1,Hi,EMAIL,2026-01-01,"Hello, you",Ada\n'
    expect(await world.import('tickets', tenant, file)).toMatchObject({ accepted: 1, rejected: 0 })
    expect(await world.support.system.message.findFirst({ where: { tenantId: tenant.id } })).toMatchObject({
      content: 'Hello, you',
      authorName: 'Ada',
    })
  })
})

const retailFile = join(root, '../shared/data/online_retail/or_full.csv.gz')
const lineCount = 6_000

describe.skipIf(!existsSync(retailFile))('the Online Retail file (data)', () => {
  it('gives each customer the sums that adding up its lines gives (data)', async () => {
    const lines: string[] = []
    const reader = createInterface({ input: createReadStream(retailFile).pipe(createGunzip()) })
    for await (const line of reader) {
      lines.push(line)
      if (lines.length > lineCount) break
    }
    reader.close()
    const expected = new Map<string, number>()
    for (const line of lines.slice(1)) {
      const [, invoice = '', quantity, price, customer = ''] =
        /^"(\w+)",.*,(-?\d+),[^,]*,(-?[\d.]+),(\d*),"[^"]*"$/.exec(line) ?? []
      if (customer === '' || Number(price) < 0 || Number(quantity) < 0 !== invoice.startsWith('C')) continue
      expected.set(customer, (expected.get(customer) ?? 0) + Number(quantity) * Math.round(Number(price) * 1000))
    }
    const tenant = await world.tenant()
    await world.import('orders', tenant, lines.join('\n'))
    const rows = await world.intelligence.system.$queryRaw<{ customer: string; mills: number }[]>`
      SELECT r.external_id AS customer, (sum(o.total - coalesce(o.refunded, 0)) * 1000)::float8 AS mills
      FROM customer_order o JOIN customer_ref r ON r.tenant_id = o.tenant_id AND r.customer_id = o.customer_id
      WHERE o.tenant_id = ${tenant.id}::uuid GROUP BY 1`
    expect(rows.length).toBeGreaterThan(100)
    expect(new Map(rows.map(({ customer, mills }) => [customer, mills]))).toEqual(expected)
  })
})
