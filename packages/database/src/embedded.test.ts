import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmbeddedServer, findEmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { isAlive } from './file-lock.ts'
import { postmasterOf } from './postmaster.ts'

const asRoot = process.getuid?.() === 0
let parent: string
let dataDir: string
const servers: EmbeddedServer[] = []

beforeEach(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'embedded-')))
  await chmod(parent, 0o755)
  dataDir = join(parent, 'postgres')
})

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  const data = await realpath(join(dataDir, 'data')).catch(() => dataDir)
  if (!data.startsWith(parent)) await rm(join(data, '..'), { recursive: true, force: true })
  await rm(parent, { recursive: true, force: true })
})

async function start(options: { port?: number; onProgress?(step: string): void } = {}): Promise<EmbeddedServer> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, ...options })
  servers.push(server)
  return server
}

async function query(server: EmbeddedServer, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return Object.values(rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

/** Another process that starts the server on `dataDir` and prints what it got. */
async function startElsewhere() {
  const program = `
    const { startEmbeddedPostgres } = await import(process.argv[1])
    const { port, owned } = await startEmbeddedPostgres({ dataDir: process.argv[2], durable: false })
    console.log(JSON.stringify({ port, owned }))
    process.stdin.resume()`
  const module = new URL('embedded.ts', import.meta.url).href
  const args = ['--input-type=module', '--eval', program, module, dataDir]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const exit = once(child, 'exit')
  return {
    ...(JSON.parse(line) as { port: number; owned: boolean }),
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20)
}

describe('the embedded PostgreSQL', () => {
  it('keeps data and port over a restart, and sorts alike on every machine', async () => {
    const steps: string[] = []
    const first = await start({ onProgress: (step) => steps.push(step) })
    expect(steps).toEqual(['initialising database', 'starting database'])
    await query(first, 'create table kept as select 42 as answer')
    expect(
      await query(first, `select datlocprovider::text || ' ' || datlocale from pg_database where datname = 'postgres'`),
    ).toBe('b C.UTF-8')
    expect(await query(first, 'show server_version_num')).toMatch(/^18/)
    await first.stop()

    const second = await start()
    expect(second.port).toBe(first.port)
    expect(await query(second, 'select answer from kept')).toBe(42)
  })

  it('is reached by its socket where it has one, and by its port', async () => {
    const server = await start()
    const address = 'select host(inet_client_addr())'
    expect(await query(server, address)).toBeNull()
    const byPort = { ...server, url: (database: string) => server.url(database).replace(/\?.*/, '') }
    expect(await query(byPort, address)).toBe('127.0.0.1')
    const found = await findEmbeddedPostgres(dataDir)
    expect(found?.url('postgres')).toBe(server.url('postgres'))
  })

  it('is reached by its port alone where a socket’s path would be too long', async () => {
    dataDir = join(
      parent,
      'a-folder-whose-name-is-much-longer-than-any-socket-address-may-be-on-this-or-any-other-system',
    )
    const server = await start()
    expect(await query(server, 'select host(inet_client_addr())')).toBe('127.0.0.1')
  })

  it('takes another port when its own is taken', async () => {
    const squatter = createServer()
    squatter.listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const { port } = squatter.address() as { port: number }
    const server = await start({ port })
    expect(server.port).not.toBe(port)
    expect(await query(server, 'select 1')).toBe(1)
    squatter.close()
  })

  it('is started once when several ask at the same moment, here and in another process', async () => {
    const [here, again, elsewhere] = await Promise.all([start(), start(), startElsewhere()])
    expect([here, again, elsewhere].filter(({ owned }) => owned)).toHaveLength(1)
    expect(new Set([here.port, again.port, elsewhere.port]).size).toBe(1)
    await elsewhere.kill()
  })

  it('ends with the process that started it, even one that is killed, and starts again at once', async () => {
    const elsewhere = await startElsewhere()
    expect(elsewhere.owned).toBe(true)
    const { pid } = (await postmasterOf(await realpath(join(dataDir, 'data'))))!
    await elsewhere.kill()
    const server = await start()
    expect(server.owned).toBe(true)
    expect(await query(server, 'select 1')).toBe(1)
    await ended(pid)
  })

  it('is found while it runs, and stays when the finder stops it', async () => {
    expect(await findEmbeddedPostgres(dataDir)).toBeNull()
    const server = await start()
    const found = await findEmbeddedPostgres(dataDir)
    expect(found).toMatchObject({ port: server.port, owned: false })
    await found?.stop()
    expect(await query(server, 'select 1')).toBe(1)
    await server.stop()
    expect(await findEmbeddedPostgres(dataDir)).toBeNull()
  })

  it('starts in spite of a process id that a crash left and that now belongs to another process', async () => {
    await (await start()).stop()
    const stale = [process.pid, join(dataDir, 'data'), 1, 1, '', '127.0.0.1', '', 'ready']
    await writeFile(join(dataDir, 'data', 'postmaster.pid'), `${stale.join('\n')}\n`)
    expect(await query(await start(), 'select 1')).toBe(1)
  })

  it('initialises anew after an initialisation cut short', async () => {
    await mkdir(join(dataDir, 'data.new-killed', 'base'), { recursive: true })
    await mkdir(join(dataDir, 'data', 'base'), { recursive: true })
    expect(await query(await start(), 'select 1')).toBe(1)
    await expect(access(join(dataDir, 'data.new-killed'))).rejects.toThrow()
  })

  it('takes over the lock of a process that died while starting', async () => {
    await mkdir(dataDir)
    await writeFile(join(dataDir, 'start.lock'), `${hostname()} 999999999 x`)
    expect((await start()).owned).toBe(true)
  })

  it('says why it does not start, with the end of the log', async () => {
    await (await start()).stop()
    await writeFile(join(dataDir, 'data', 'postgresql.conf'), 'no_such_setting = 1\n')
    await expect(start()).rejects.toThrow(/did not start[^]*no_such_setting/)
  })

  it('does not start empty when the files that it had are gone', async () => {
    await (await start()).stop()
    await rename(join(dataDir, 'data'), join(dataDir, 'elsewhere'))
    await symlink(join(dataDir, 'lost'), join(dataDir, 'data'))
    await expect(start()).rejects.toThrow(/gone or damaged/)
  })

  it.runIf(asRoot)('as root under a private folder keeps the data outside, linked (root)', async () => {
    await chmod(parent, 0o700)
    const server = await start()
    const data = await realpath(join(dataDir, 'data'))
    expect(data.startsWith(parent)).toBe(false)
    expect((await stat(data)).uid).not.toBe(0)
    await query(server, 'create table kept as select 42 as answer')
    await server.stop()
    expect(await query(await start(), 'select answer from kept')).toBe(42)
  })
})
