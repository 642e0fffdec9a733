import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  chmod,
  chown,
  mkdir,
  readFile,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { type Binaries, sharedFolder } from './binaries.ts'
import type { ServerUser } from './postgres-user.ts'
import { run } from './run.ts'

/** Where the parts of an embedded server lie. `dataDir` is the real path of a folder of its own. */
export const paths = (dataDir: string) => ({
  /** the cluster's files, or a symbolic link to where the server's user can reach them */
  data: join(dataDir, 'data'),
  password: join(dataDir, 'password'),
  server: join(dataDir, 'server.json'),
  log: join(dataDir, 'server.log'),
  lock: join(dataDir, 'start.lock'),
})

/** The real path of the cluster's files; `null` when there is none yet. */
export async function existingData(dataDir: string): Promise<string | null> {
  const data = await realpath(paths(dataDir).data).catch(() => null)
  if (!data) return null
  return (await stat(join(data, 'global', 'pg_control')).catch(unlessMissing)) ? data : null
}

/** The superuser's password. */
export async function readPassword(dataDir: string): Promise<string> {
  const { password } = paths(dataDir)
  try {
    return (await readFile(password, 'utf8')).trim()
  } catch (error) {
    throw new Error(`The embedded database's password cannot be read: ${(error as Error).message}`)
  }
}

/** Initialises a cluster in a temporary folder and renames it into place, so that one cut short is never taken for whole. */
export async function initialise(
  dataDir: string,
  options: { binaries: Binaries; user: ServerUser; durable: boolean },
): Promise<string> {
  const { data, password } = paths(dataDir)
  const { binaries, user } = options
  await refuseLostData(data)
  const place = await reachablePlace(dataDir, user)
  await clearRemains(place)

  const draft = join(place, `data.new-${randomUUID()}`)
  const secret = `${draft}.password`
  try {
    await writeFile(secret, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
    await mkdir(draft, { mode: 0o700 })
    if (user) await Promise.all([secret, draft].map((path) => chown(path, user.uid, user.gid)))
    const outcome = await run(
      binaries.initdb,
      [
        ...['--pgdata', draft, '--username', 'postgres', '--pwfile', secret, '--auth', 'scram-sha-256'],
        // The same order and case rules on every machine, whatever its locale
        ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
        ...['--data-checksums', '--no-instructions', ...(options.durable ? [] : ['--no-sync'])],
      ],
      user,
    )
    if (outcome.code !== 0) throw new Error(`The embedded database could not be initialised:\n${outcome.stderr.trim()}`)
    await writeFile(password, await readFile(secret), { mode: 0o600 })
    await rename(draft, join(place, 'data'))
    if (place !== dataDir) await symlink(join(place, 'data'), data)
    return join(place, 'data')
  } finally {
    await Promise.all([draft, secret].map((path) => rm(path, { recursive: true, force: true })))
  }
}

/** A link to files that are gone is a loss to report, not a reason to start empty. */
async function refuseLostData(data: string): Promise<void> {
  const target = await readlink(data).catch(() => null)
  if (target === null) return
  throw new Error(`The embedded database's files in ${target} are gone or damaged. To start empty, delete ${data}.`)
}

/** `dataDir`, or where the server's user cannot reach it, a folder outside that belongs to it alone. */
async function reachablePlace(dataDir: string, user: ServerUser): Promise<string> {
  if (!user) return dataDir
  const { mode } = await stat(dataDir)
  await chmod(dataDir, mode | 0o111)
  if ((await run('test', ['-x', dataDir], user)).code === 0) return dataDir
  const place = join(await sharedFolder(), `data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`)
  await mkdir(place, { recursive: true, mode: 0o755 })
  await chmod(place, 0o755)
  return place
}

/** What an initialisation cut short left. Files that are not reachable as `data` any more are kept once, as `data.old`. */
async function clearRemains(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (name.startsWith('data.new-')) await rm(join(place, name), { recursive: true, force: true })
  }
  const data = join(place, 'data')
  if (!(await stat(data).catch(unlessMissing))) return
  await rm(`${data}.old`, { recursive: true, force: true })
  await rename(data, `${data}.old`)
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  if (error.code === 'EACCES') throw new Error(`The embedded database's files belong to another user: ${error.message}`)
  throw error
}
