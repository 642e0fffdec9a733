import { prismaAdapter } from '@quimbi/database/connect.ts'
import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Prisma, PrismaClient, type Tenant } from '../generated/prisma/client.ts'
import type { Db } from '../src/database.ts'
import { openSupport, start, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant

beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
})
afterAll(() => support.close())

const transact = <T>(run: (tx: Db) => Promise<T>): Promise<T> => support.database.transact(tenant.id, run)
const names = async (): Promise<(string | null)[]> => {
  const customers = await support.database.forTenant(tenant.id).customer.findMany({ orderBy: { name: 'asc' } })
  return customers.map(({ name }) => name)
}
const add = (tx: Db, name: string, id: string = crypto.randomUUID()) =>
  tx.customer.create({ data: { tenantId: tenant.id, id, name, createdAt: start, updatedAt: start } })

/** Inserts without waiting for it. */
const addLater = (tx: Db, name: string, id: string) =>
  tx.$later?.(
    `INSERT INTO customer (tenant_id, id, name, created_at, updated_at) VALUES ($1::uuid, $2::uuid, $3, $4::timestamptz, $4::timestamptz)`,
    ...[tenant.id, id, name, start],
  )

describe('raw statements give what Prisma gives', () => {
  const literals = [
    "1::int2, 2::int4, 3::int8, 1.5::float4, 2.5::float8, 12.3400::numeric, 'x'::text, true, NULL::text",
    "'2026-02-03'::date, '2026-02-03 04:05:06.789'::timestamp, '2026-02-03 04:05:06.789+02'::timestamptz",
    `'{"a": [1, null]}'::json, '{"a": [1, null]}'::jsonb, '0198a000-0000-7000-8000-000000000001'::uuid, '\\x00ff'::bytea`,
    "'{1,NULL}'::int4[], '{9007199254740993}'::int8[], '{1.10,NULL}'::numeric[], '{a,\"b,c\",NULL}'::text[], '{}'::uuid[]",
    "'{2026-02-03 04:05:06+00}'::timestamptz[], '{1.5}'::float8[], '{t,f}'::bool[], '1'::char(3), '2'::varchar",
  ]
  const parameters: [string, string, unknown][] = [
    ['a date', 'timestamptz', new Date('2026-02-03T04:05:06.789Z')],
    ['dates', 'timestamptz[]', [new Date('2026-02-03T04:05:06.789Z'), null]],
    ['a bigint', 'int8', 9_007_199_254_740_993n],
    ['a decimal', 'numeric', new Prisma.Decimal('12.3400')],
    ['a tiny decimal', 'numeric', new Prisma.Decimal('1e-12')],
    ['bytes', 'bytea', new Uint8Array([0, 255])],
    ['words', 'text[]', ['a', 'b,c', '"', '\\', null]],
    ['ids', 'uuid[]', ['0198a000-0000-7000-8000-000000000001']],
    ['json', 'jsonb', JSON.stringify({ a: ['ü', null] })],
    ['a number', 'float8', 0.1],
    ['nothing', 'text', null],
    ['a boolean', 'boolean', false],
  ]

  async function both(run: (db: Db) => Promise<unknown>): Promise<[unknown, unknown]> {
    const prisma = new PrismaClient({ adapter: prismaAdapter(support.database.appPool) })
    try {
      return [await transact(run), await withTenant(tenant.id, () => run(prisma))]
    } finally {
      await prisma.$disconnect()
    }
  }

  it.each(literals)('SELECT %s', async (values) => {
    const columns = values.split(/, (?=(?:[^()'{}]|'[^']*')*$)/).map((value, index) => `${value} AS c${index}`)
    const [ours, theirs] = await both((db) => db.$queryRawUnsafe(`SELECT ${columns.join(', ')}`))
    expect(ours).toEqual(theirs)
    expect(Object.values((ours as object[])[0] ?? {}).map(kindOf)).toEqual(
      Object.values((theirs as object[])[0] ?? {}).map(kindOf),
    )
  })

  it.each(parameters)('%s as a parameter', async (_, type, value) => {
    const cast = Prisma.raw(`::${type}`)
    const [ours, theirs] = await both((db) => db.$queryRaw`SELECT ${value}${cast} AS value`)
    expect(ours).toEqual(theirs)
  })

  const kindOf = (value: unknown): string => (value === null ? 'null' : (value as object).constructor.name)
})

describe('a transaction', () => {
  it('is one: models, raw statements, nested writes and deferred ones together, or none of it', async () => {
    const all = async (tx: Db) => {
      await add(tx, 'by model')
      addLater(tx, 'later', crypto.randomUUID())
      await tx.customer.create({
        data: {
          ...{ tenantId: tenant.id, id: crypto.randomUUID(), name: 'nested', createdAt: start, updatedAt: start },
          refs: { create: { source: 'shop', externalId: crypto.randomUUID() } },
        },
      })
      const rows = await tx.$queryRaw<{ name: string }[]>`SELECT name FROM customer ORDER BY name`
      expect(rows.map(({ name }) => name)).toEqual(['by model', 'later', 'nested'])
    }
    await expect(
      transact(async (tx) => {
        await all(tx)
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await names()).toEqual([])
    await transact(all)
    expect(await names()).toEqual(['by model', 'later', 'nested'])
    await transact((tx) => tx.customer.deleteMany())
  })

  it('fails by what a deferred write failed by, not by what came after it', async () => {
    const id = crypto.randomUUID()
    const failure = await transact(async (tx) => {
      await add(tx, 'first', id)
      addLater(tx, 'twin', id)
      await tx.$queryRaw`SELECT 1`.catch(() => {})
    }).catch((error: unknown) => error)
    expect(violatedUnique(failure)).toBe('customer_pkey')
    expect(await names()).toEqual([])
  })

  it('does not pretend that a caught failure was none', async () => {
    const pretending = transact(async (tx) => {
      await add(tx, 'lost')
      await tx.$queryRaw`SELECT 1 / 0`.catch(() => {})
    })
    await expect(pretending).rejects.toThrow('rolled back')
    expect(await names()).toEqual([])
  })

  it('undoes a nested write of Prisma’s alone', async () => {
    const id = crypto.randomUUID()
    const ref = { source: 'shop', externalId: crypto.randomUUID() }
    await transact(async (tx) => {
      await add(tx, 'kept', id)
      await tx.customerRef.create({ data: { tenantId: tenant.id, customerId: id, ...ref } })
      const data = { tenantId: tenant.id, id: crypto.randomUUID(), name: 'undone', createdAt: start, updatedAt: start }
      await expect(tx.customer.create({ data: { ...data, refs: { create: ref } } })).rejects.toThrow()
    })
    expect(await names()).toEqual(['kept'])
    await transact((tx) => tx.customer.deleteMany())
  })

  it('takes statements at once, and none once it is over', async () => {
    let kept: Db | undefined
    const counted = await transact(async (tx) => {
      kept = tx
      const answers = await Promise.all([1, 2, 3].map((n) => tx.$queryRaw<{ n: number }[]>`SELECT ${n}::int AS n`))
      return answers.map(([row]) => row?.n)
    })
    expect(counted).toEqual([1, 2, 3])
    await expect(async () => kept?.$queryRawUnsafe('SELECT 1')).rejects.toThrow('ended')
    await expect(async () => kept?.customer.findMany()).rejects.toThrow('ended')
  })

  it('runs again, at most six times, where another was in its way', async () => {
    let tries = 0
    const stumbling = (times: number) =>
      transact(async (tx) => {
        tries += 1
        if (tries <= times) await tx.$executeRawUnsafe(`DO $$ BEGIN RAISE 'in the way' USING ERRCODE = '40001'; END $$`)
        return tries
      })
    expect(await stumbling(5)).toBe(6)
    tries = 0
    await expect(stumbling(9)).rejects.toThrow('in the way')
    expect(tries).toBe(6)
  })

  it('fails when its connection is lost, and the next one has another', async () => {
    const lost = transact(async (tx) => {
      const [me] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
      await add(tx, 'lost')
      await support.asOwner('SELECT pg_terminate_backend($1)', [me?.pid])
      await tx.$queryRaw`SELECT 1`
    })
    await expect(lost).rejects.toThrow()
    expect(await names()).toEqual([])
    expect(await transact((tx) => tx.$queryRaw`SELECT 1 AS one`)).toEqual([{ one: 1 }])
  })

  it('leaves out what is asked of the tenant’s view meanwhile', async () => {
    await transact(async (tx) => {
      await add(tx, 'not committed')
      expect(await names()).toEqual([])
      await tx.customer.deleteMany()
    })
  })
})
