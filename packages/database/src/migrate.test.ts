import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EmbeddedServer, startEmbeddedPostgres } from './embedded.ts'
import { migrate, schemaDrift } from './migrate.ts'
import { dropDatabase, ensureDatabase } from './provision.ts'

let folder: string
let directory: string
let server: EmbeddedServer
let url: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-'))
  server = await startEmbeddedPostgres({ dataDir: folder, durable: false })
  url = server.url('migrated')
}, 60_000)

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  await dropDatabase(server.url('postgres'), 'migrated')
  await ensureDatabase(server.url('postgres'), 'migrated')
  directory = await mkdtemp(join(folder, 'prisma-'))
  await mkdir(join(directory, 'migrations'))
  await writeFile(join(directory, 'migrations/migration_lock.toml'), 'provider = "postgresql"\n')
})

async function migration(name: string, sql: string): Promise<void> {
  await mkdir(join(directory, 'migrations', name), { recursive: true })
  await writeFile(join(directory, 'migrations', name, 'migration.sql'), sql)
}

async function select(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

const authors = `
  create table author (id integer primary key, name text not null check (name <> ''));
  create table book (id integer primary key, author_id integer not null references author (id) on update cascade on delete restrict);`

describe('migrate', () => {
  it('applies what is pending, in order, and tells each name', async () => {
    await migration('1_authors', authors)
    const told: string[] = []
    const onProgress = (name: string) => void told.push(name)
    expect(await migrate({ url, directory, onProgress })).toEqual(['1_authors'])
    await migration('2_more', 'alter table author add born date;')
    await migration('3_more', 'alter table author add died date;')
    expect(await migrate({ url, directory, onProgress })).toEqual(['2_more', '3_more'])
    expect(await migrate({ url, directory, onProgress })).toEqual([])
    expect(told).toEqual(['1_authors', '2_more', '3_more'])
    expect(await select('select migration_name from _prisma_migrations where finished_at is not null')).toHaveLength(3)
  })

  it('does nothing where there are no migrations', async () => {
    expect(await migrate({ url, directory })).toEqual([])
    expect(await migrate({ url, directory: join(directory, 'missing') })).toEqual([])
  })

  it('runs function bodies, comments and strings with semicolons whole', async () => {
    await migration(
      '1_function',
      `
      -- a comment; with a semicolon
      create function answer() returns text language plpgsql as $$ begin perform 1; return ';'; end $$;`,
    )
    await migrate({ url, directory })
    expect(await select('select answer()')).toEqual([{ answer: ';' }])
  })

  it('takes turns when several migrate at once', async () => {
    await migration('1_authors', authors)
    await migration('2_slow', 'select pg_sleep(0.2); alter table author add born date;')
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ url, directory })))
    expect(applied.flat()).toEqual(['1_authors', '2_slow'])
  })

  it('names the migration that fails with PostgreSQL’s message, undoes it whole, and then says what to do', async () => {
    await migration('1_authors', authors)
    await migration('2_broken', 'create table half (id int); alter table nobody add x int;')
    await expect(migrate({ url, directory })).rejects.toThrow(
      'The migration 2_broken failed: relation "nobody" does not exist',
    )
    expect(await select(`select to_regclass('half') as half`)).toEqual([{ half: null }])
    await migration('2_broken', 'create table half (id int);')
    await expect(migrate({ url, directory })).rejects.toThrow(
      /2_broken failed in an earlier run.*--rolled-back 2_broken/,
    )
  })

  it('says that a database cannot be reached', async () => {
    await migration('1_authors', authors)
    await expect(migrate({ url: server.url('missing'), directory })).rejects.toThrow(/"missing" does not exist/)
  })
})

describe('schemaDrift', () => {
  const schema = (field = '') => `
    datasource db {
      provider = "postgresql"
    }
    model author {
      id   Int    @id
      name String
      ${field}
      book book[]
    }
    model book {
      id        Int    @id
      author_id Int
      author    author @relation(fields: [author_id], references: [id])
    }`

  it('is null when the migrations make what schema.prisma says, and else the difference', async () => {
    await migration('1_authors', authors)
    await migrate({ url, directory })
    await writeFile(join(directory, 'schema.prisma'), schema())
    expect(await schemaDrift({ url, directory })).toBeNull()
    await writeFile(join(directory, 'schema.prisma'), schema('born DateTime?'))
    expect(await schemaDrift({ url, directory })).toMatch(/born/)
  })
})
