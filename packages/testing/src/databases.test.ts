import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { createTestDatabase, type DatabaseKind } from './databases.ts'

const kinds = Object.keys(inject('postgres').templates) as DatabaseKind[]

describe('a test database', () => {
  it.each(kinds)('is a migrated %s database of its own, dropped in spite of its connections', async (kind) => {
    const [one, other] = await Promise.all([createTestDatabase(kind), createTestDatabase(kind)])
    expect(one.url).not.toBe(other.url)
    const client = new pg.Client({ connectionString: one.url })
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query('select 1 from _prisma_migrations where finished_at is null')
    expect(rows).toEqual([])
    await Promise.all([one.drop(), other.drop()])
    await expect(client.query('select 1')).rejects.toThrow()
    await client.end().catch(() => {})
  })
})
