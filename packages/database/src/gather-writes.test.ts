import pg from 'pg'
import { afterAll, expect, inject, it } from 'vitest'
import { createPool } from './connect.ts'
import { NIL_TENANT, type TenantPool } from './tenancy.ts'

const { adminUrl } = inject('postgres')
const pools: TenantPool[] = []

function open(): TenantPool {
  const pool = createPool({ url: adminUrl, role: 'quimbi_app', max: 1 })
  pools.push(pool)
  return pool
}

afterAll(async () => {
  await Promise.all(pools.filter(({ ended }) => !ended).map((pool) => pool.end()))
})

/** Counts how often something is handed to the kernel on a connection. */
function countWrites(client: pg.PoolClient): () => number {
  const { stream } = (client as unknown as pg.Client).connection
  let writes = 0
  for (const name of ['_write', '_writev'] as const) {
    const write = stream[name]?.bind(stream) as (...args: unknown[]) => void
    stream[name] = (...args: unknown[]) => {
      writes += 1
      write(...args)
    }
  }
  return () => writes
}

const value = (result: pg.QueryResult<{ value: number }>) => result.rows[0]?.value

it('statements given in one turn leave in one write, and are answered in their order', async () => {
  const client = await open().checkOut(NIL_TENANT)
  const writes = countWrites(client)
  const ask = (n: number) => client.query<{ value: number }>('SELECT $1::int AS value', [n])
  expect((await Promise.all([ask(1), ask(2), ask(3)])).map(value)).toEqual([1, 2, 3])
  expect(writes()).toBe(1)
  expect(value(await ask(4))).toBe(4)
  expect(writes()).toBe(2)
  client.release()
})

it('one that fails among them fails alone, and what comes next goes out', async () => {
  const client = await open().checkOut(NIL_TENANT)
  const asked = [client.query('SELECT 1 AS value'), client.query('SELECT 1 / 0'), client.query('SELECT 3 AS value')]
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(value(await client.query<{ value: number }>('SELECT 5 AS value'))).toBe(5)
  client.release()
})

it('a connection that is given up in the same turn still sends what it was given', async () => {
  const pool = open()
  const client = await pool.checkOut(NIL_TENANT)
  const asked = client.query<{ value: number }>('SELECT 7 AS value')
  client.release(true)
  expect(value(await asked)).toBe(7)
  await pool.end()
})
