import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAdministrator } from '../../scripts/lib/administrator.ts'
import { importFile } from '../../scripts/lib/transfer/import-file.ts'
import { findTenant } from '../../scripts/lib/transfer/tenant.ts'
import { ask, openWorld, type World } from './kit.ts'

const orders = `"InvoiceNo","StockCode","Description","Quantity","InvoiceDate","UnitPrice","CustomerID","Country"
"536365","85123A","WHITE HANGING HEART T-LIGHT HOLDER",6,2026-10-01 08:26:00,2.55,17850,"United Kingdom"
"536365","71053","WHITE METAL LANTERN",6,2026-10-01 08:26:00,3.39,17850,"United Kingdom"
"536366","22633","HAND WARMER UNION JACK",6,2026-10-11 08:28:00,1.85,17850,"United Kingdom"
"C536379","71053","WHITE METAL LANTERN",-1,2026-10-12 09:41:00,3.39,17850,"United Kingdom"
"536367","84879","ASSORTED COLOUR BIRD ORNAMENT",32,2026-10-01 08:34:00,1.69,,"United Kingdom"
`
const ticket = (customer: string, number: number) =>
  JSON.stringify({
    externalRef: { source: 'desk', id: `T-${number}` },
    subject: `Ticket ${number}`,
    channel: 'EMAIL',
    customer: { source: 'online-retail', externalId: customer },
    createdAt: '2026-10-20T10:00:00.000Z',
    messages: [{ authorName: 'Ada', content: 'Hello', createdAt: '2026-10-20T10:00:00.000Z' }],
  })
const inbox =
  '{ inbox { nodes { subject customer { name behavior { totalOrders lifetimeValue { amount } daysSinceLastPurchase } } } } }'

describe('files of a shop that moves here', () => {
  let world: World
  let folder: string
  beforeAll(async () => {
    world = await openWorld()
    folder = await mkdtemp(join(tmpdir(), 'quimbi-files-'))
    await writeFile(join(folder, 'orders.csv'), orders)
    await writeFile(join(folder, 'tickets.jsonl'), `${ticket('17850', 1)}\n${ticket('13047', 2)}\n`)
  })
  afterAll(async () => {
    await world.close()
    await rm(folder, { recursive: true })
  })

  it('answer the inbox query for the administrator of a new tenant, orders and tickets meeting in one customer', async () => {
    const now = world.clock.now()
    const tenant = await findTenant(world.support, 'retail', { currencyCode: 'GBP' })
    const login = await addAdministrator(world.support, tenant, 'Ada@Retail.example', now)
    const load = (kind: 'orders' | 'tickets', file: string) =>
      importFile(world, {
        kind,
        path: join(folder, file),
        tenant,
        rejectsPath: join(folder, `${file}.rejected`),
        now: () => now,
      })
    expect(await load('orders', 'orders.csv')).toMatchObject({ accepted: 3, rejected: 1 })
    expect(await load('tickets', 'tickets.jsonl')).toMatchObject({ accepted: 2, rejected: 0 })
    await world.supergraph.settle()

    const mutation = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'
    const { data } = await ask(world, mutation, { input: { tenant: 'retail', ...login } })
    const { accessToken } = data?.['login'] as { accessToken: string }
    const answer = await ask(world, inbox, {}, accessToken)
    expect(answer.errors).toBeUndefined()
    const { nodes } = answer.data?.['inbox'] as { nodes: { subject: string }[] }
    expect(nodes.toSorted((a, b) => (a.subject < b.subject ? -1 : 1))).toEqual([
      {
        subject: 'Ticket 1',
        // 6 × 2.55 + 6 × 3.39 + 6 × 1.85 − 1 × 3.39
        customer: {
          name: 'Unknown',
          behavior: { totalOrders: 2, lifetimeValue: { amount: '43.35' }, daysSinceLastPurchase: 22 },
        },
      },
      {
        subject: 'Ticket 2',
        customer: {
          name: 'Unknown',
          behavior: { totalOrders: 0, lifetimeValue: { amount: '0.00' }, daysSinceLastPurchase: null },
        },
      },
    ])
  })

  it('refuses an administrator whose address is none, or taken', async () => {
    const tenant = await findTenant(world.support, 'retail', null)
    const add = (email: string) => addAdministrator(world.support, tenant, email, world.clock.now())
    await expect(add('nobody')).rejects.toThrow('no e-mail address')
    await expect(add('ada@retail.example')).rejects.toThrow('There is an agent with this address')
  })
})
