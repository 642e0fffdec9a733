import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedServer, startEmbeddedPostgres } from './embedded.ts'
import { createDatabaseFromTemplate, databaseUrl, dropDatabase, ensureDatabase } from './provision.ts'

let dataDir: string
let server: EmbeddedServer
let admin: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'provision-'))
  server = await startEmbeddedPostgres({ dataDir, durable: false })
  admin = server.url('postgres')
})

afterAll(async () => {
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function connect(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl(admin, name) })
  client.on('error', () => {})
  await client.connect()
  return client
}

describe('databases', () => {
  it('are created once, whoever asks', async () => {
    const created = await Promise.all([1, 2, 3, 4].map(() => ensureDatabase(admin, 'an "odd" name')))
    expect(created.filter(Boolean)).toHaveLength(1)
    expect(await ensureDatabase(admin, 'an "odd" name')).toBe(false)
    await (await connect('an "odd" name')).end()
  })

  it('are copied from a template, several at once, and dropped in spite of connections', async () => {
    await ensureDatabase(admin, 'original')
    const template = await connect('original')
    await template.query('create table kept as select 42 as answer')
    await template.end()
    await Promise.all(['copy1', 'copy2'].map((name) => createDatabaseFromTemplate(admin, name, 'original')))
    const client = await connect('copy2')
    expect((await client.query('select answer from kept')).rows).toEqual([{ answer: 42 }])
    await dropDatabase(admin, 'copy2')
    await dropDatabase(admin, 'copy2')
    await expect(client.query('select 1')).rejects.toThrow()
    await expect(connect('copy2')).rejects.toMatchObject({ code: '3D000' })
  })
})
