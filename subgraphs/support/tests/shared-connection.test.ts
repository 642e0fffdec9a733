import { withTenant } from '@quimbi/database/tenancy.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Customer, Tenant } from '../generated/prisma/client.ts'
import type { Db } from '../src/database.ts'
import { openSupport, type TestSupport } from './kit.ts'

let support: TestSupport
let tenants: { tenant: Tenant; customer: Customer }[]

beforeAll(async () => {
  support = await openSupport({ max: 1 })
  tenants = []
  for (let index = 0; index < 3; index += 1) {
    const tenant = await support.aTenant()
    tenants.push({ tenant, customer: await support.aCustomer(tenant) })
    await support.aTicket(tenant, { customerId: tenants[index]!.customer.id })
  }
})
afterAll(() => support.close())

const viewOf = (index: number): Db => support.database.forTenant(tenants[index]!.tenant.id)

/** What one tenant may ask; each says whose rows it saw. None names the tenant: the database alone keeps them apart. */
const ways: Record<string, (index: number) => Promise<string[]>> = {
  findMany: async (index) => (await viewOf(index).customer.findMany()).map((row) => row.tenantId),
  findFirst: async (index) => [(await viewOf(index).customer.findFirst())?.tenantId ?? 'nothing'],
  include: async (index) =>
    (await viewOf(index).ticket.findMany({ include: { customer: true, messages: true } })).flatMap((row) => [
      row.tenantId,
      row.customer.tenantId,
      ...row.messages.map((message) => message.tenantId),
    ]),
  raw: async (index) =>
    (await viewOf(index).$queryRaw<{ id: string }[]>`SELECT tenant_id AS id FROM message`).map(({ id }) => id),
  groupBy: async (index) => (await viewOf(index).ticket.groupBy({ by: ['tenantId'] })).map((row) => row.tenantId),
  transaction: (index) =>
    support.database.transact(tenants[index]!.tenant.id, async (tx) => {
      const before = await tx.customer.findMany()
      await tx.$queryRaw`SELECT pg_sleep(0.001)::text`
      return [...before, ...(await tx.ticket.findMany())].map((row) => row.tenantId)
    }),
  error: async (index) => {
    await expect(viewOf(index).$queryRaw`SELECT 1 / 0`).rejects.toThrow()
    return ways['findMany']!(index)
  },
  rollback: async (index) => {
    const failed = support.database.transact(tenants[index]!.tenant.id, async (tx) => {
      await tx.customer.updateMany({ data: { phone: '1' } })
      throw new Error('changed my mind')
    })
    await expect(failed).rejects.toThrow('changed my mind')
    return ways['raw']!(index)
  },
}

describe('one connection shared by several tenants', () => {
  it('shows each its own rows only, in any order, many at once', async () => {
    const call = fc.record({ index: fc.nat({ max: 2 }), way: fc.constantFrom(...Object.keys(ways)) })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 12 }), async (calls) => {
        const seen = await Promise.all(calls.map(({ index, way }) => ways[way]!(index)))
        const expected = calls.map(({ index }) => [tenants[index]!.tenant.id])
        expect(seen.map((ids) => [...new Set(ids)])).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  it('binds the tenant of the view, wherever the lazy promise is awaited', async () => {
    const lazy = [0, 1].map((index) => viewOf(index).customer.findMany())
    const [one, other] = await withTenant(tenants[2]!.tenant.id, () => Promise.all(lazy))
    expect(one!.map((row) => row.id)).toEqual([tenants[0]!.customer.id])
    expect(other!.map((row) => row.id)).toEqual([tenants[1]!.customer.id])
  })

  it('serves a queued check-out as the one who asked, in whosever turn it comes', async () => {
    const queued: Promise<Customer[]>[] = []
    const held = await support.database.transact(tenants[0]!.tenant.id, async (tx) => {
      queued.push(viewOf(1).customer.findMany(), viewOf(2).customer.findMany(), viewOf(0).customer.findMany())
      // Started now, and waiting for the only connection.
      for (const query of queued) void query.then(() => {})
      return tx.customer.findMany()
    })
    const seen = [...(await Promise.all(queued)), held].map((rows) => rows.map((row) => row.id))
    expect(seen).toEqual([1, 2, 0, 0].map((index) => [tenants[index]!.customer.id]))
  })

  it('refuses what Prisma would batch over tenants, and takes it inside a transaction', async () => {
    const unique = (db: Db, index: number) => {
      const { tenant, customer } = tenants[index]!
      return db.customer.findUnique({ where: { tenantId_id: { tenantId: tenant.id, id: customer.id } } })
    }
    await expect(unique(viewOf(0), 0)).rejects.toThrow('use findFirst')
    const inTransaction = (index: number) =>
      support.database.transact(tenants[index]!.tenant.id, (tx) => unique(tx, index))
    const found = await Promise.all([inTransaction(0), inTransaction(1), inTransaction(2)])
    expect(found.map((row) => row?.id)).toEqual(tenants.map(({ customer }) => customer.id))
  })

  it('finds the first of each tenant in one tick', async () => {
    const first = (index: number) => {
      const { tenant, customer } = tenants[index]!
      return viewOf(index).customer.findFirst({ where: { tenantId: tenant.id, id: customer.id } })
    }
    const found = await Promise.all([first(0), first(1), first(2)])
    expect(found.map((row) => row?.id)).toEqual(tenants.map(({ customer }) => customer.id))
  })

  it('takes its role and its tenant again after the server closed it', async () => {
    expect(await ways['raw']!(0)).toEqual([tenants[0]!.tenant.id])
    await support.asOwner(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%pg_stat_activity%'`)
    await viewOf(1)
      .customer.count()
      .catch(() => 0)
    expect(await ways['raw']!(1)).toEqual([tenants[1]!.tenant.id])
    const { rows } = await support.database.appPool.query<{ role: string }>('SELECT current_user AS role')
    expect(rows).toEqual([{ role: 'quimbi_app' }])
  })
})
