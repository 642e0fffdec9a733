import { access, constants, mkdir, open, readFile, realpath, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import { existingData, initialise, paths, readPassword } from './cluster.ts'
import { isAlive, withFileLock } from './file-lock.ts'
import { freePort } from './port.ts'
import { postgresUser } from './postgres-user.ts'
import { postmasterOf, removeMisleadingPid } from './postmaster.ts'
import { settings } from './settings.ts'
import { socketFolderOf, socketSettings } from './socket.ts'
import { startSupervised, type Supervised } from './supervisor.ts'

/** A running embedded PostgreSQL. */
export type EmbeddedServer = {
  port: number
  /** the connection string of one of its databases, as its superuser */
  url(database: string): string
  /** true if this call started it; false if another one did, and then `stop` does nothing */
  owned: boolean
  /** shuts it down, ending its connections, and returns when it is gone */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** a folder of its own, created if missing */
  dataDir: string
  /** the port to prefer; without it the last one. A taken port is replaced by a free one */
  port?: number
  /** false: faster, and a crash of the machine may lose everything (tests) */
  durable?: boolean
  /** told of each longer step, in a few words */
  onProgress?(step: string): void
}

/**
 * Starts PostgreSQL on 127.0.0.1, or finds the one that another process runs on the same data. A server that we started ends
 * with our process, even if that is killed.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  if (process.platform === 'win32') {
    throw new Error(
      'The embedded PostgreSQL does not run on Windows. Set SUPPORT_DATABASE_URL and INTELLIGENCE_DATABASE_URL.',
    )
  }
  await mkdir(options.dataDir, { recursive: true })
  const dataDir = await realpath(options.dataDir)
  await access(dataDir, constants.W_OK).catch(() => {
    throw new Error(`${dataDir} cannot be written: the embedded database was started by another user, perhaps root.`)
  })
  return withFileLock(paths(dataDir).lock, async () => (await running(dataDir)) ?? (await start(dataDir, options)))
}

/** The server that another process runs on `dataDir`; `null` when there is none. */
export async function findEmbeddedPostgres(dataDir: string): Promise<EmbeddedServer | null> {
  const real = await realpath(dataDir).catch(() => null)
  return real === null ? null : running(real)
}

async function start(dataDir: string, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { onProgress = () => {}, durable = true } = options
  const found = await existingData(dataDir)
  const user = await postgresUser(found ?? paths(dataDir).data)
  const binaries = await findBinaries(user)
  if (!found) onProgress('initialising database')
  const data = found ?? (await initialise(dataDir, { binaries, user, durable }))
  const password = await readPassword(dataDir)
  await removeMisleadingPid(data)

  onProgress('starting database')
  let port = await freePort(options.port ?? (await lastPort(dataDir)))
  for (let attempt = 1; ; attempt++) {
    const log = await open(paths(dataDir).log, 'w')
    let server: Supervised
    try {
      if (user) await log.chown(user.uid, user.gid)
      const args = ['-D', data, ...settings(port, durable), ...socketSettings(data)]
      server = startSupervised(binaries.postgres, args, { log: log.fd, user })
    } finally {
      await log.close()
    }
    if (await becomesReady(server, data)) {
      server.unref()
      await writeFile(paths(dataDir).server, JSON.stringify({ port, owner: process.pid }))
      return { ...handle(port, password, await socketFolderOf(data, port)), owned: true, stop: () => server.stop() }
    }
    const lines = (await readFile(paths(dataDir).log, 'utf8')).trim().split('\n').slice(-12).join('\n')
    const portTaken = /could not (bind|create any TCP)/.test(lines)
    if (!portTaken || attempt === 3) throw new Error(`The embedded database did not start (${dataDir}):\n${lines}`)
    port = await freePort()
  }
}

/** Recovery after a crash may take minutes: as long as the server lives, it is waited for. */
async function becomesReady(server: Supervised, data: string): Promise<boolean> {
  const ended = server.exited.then(() => true)
  for (;;) {
    if ((await postmasterOf(data))?.status === 'ready') return true
    if (await Promise.race([ended, delay(20, false)])) return false
  }
}

/** A server that is there to stay: waits for one that is starting, and for the end of one that is stopping. */
async function running(dataDir: string): Promise<EmbeddedServer | null> {
  const data = await existingData(dataDir)
  if (!data) return null
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    const postmaster = await postmasterOf(data)
    if (!postmaster) return null
    // An owner that has just been killed takes its server along within a moment.
    const orphan = waitedMs < 15_000 && !(await ownerLives(dataDir))
    if (postmaster.status === 'ready' && !orphan) {
      const { port } = postmaster
      const server = handle(port, await readPassword(dataDir), await socketFolderOf(data, port))
      await probe(server.url('postgres'))
      return { ...server, owned: false, stop: async () => {} }
    }
    await delay(50)
  }
  throw new Error(`An embedded database runs on ${dataDir} and neither becomes ready nor ends.`)
}

async function probe(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
  } finally {
    await client.end().catch(() => {})
  }
}

/** By its socket where it has one: `host` as a parameter goes before the one in the address. */
function handle(port: number, password: string, socketFolder: string | null) {
  const bySocket = socketFolder === null ? '' : `?host=${encodeURIComponent(socketFolder)}`
  return {
    port,
    url: (database: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}${bySocket}`,
  }
}

type ServerFile = { port?: number; owner?: number }

async function serverFile(dataDir: string): Promise<ServerFile> {
  try {
    return JSON.parse(await readFile(paths(dataDir).server, 'utf8')) as ServerFile
  } catch {
    return {}
  }
}

async function lastPort(dataDir: string): Promise<number | undefined> {
  return (await serverFile(dataDir)).port
}

async function ownerLives(dataDir: string): Promise<boolean> {
  const { owner } = await serverFile(dataDir)
  return owner === undefined || isAlive(owner)
}
