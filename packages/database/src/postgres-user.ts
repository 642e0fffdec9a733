import { stat } from 'node:fs/promises'
import { run } from './run.ts'

/** The operating-system account that runs PostgreSQL; `null` means our own. */
export type ServerUser = { uid: number; gid: number } | null

/**
 * PostgreSQL refuses to run as root. As root it runs as the owner of the existing data, else as `postgres` (created if
 * missing), else as `nobody`; anyone else runs it as themselves.
 */
export async function postgresUser(existingData: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null
  const owner = await stat(existingData).catch(() => null)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const user = (await lookUp('postgres')) ?? (await create('postgres')) ?? (await lookUp('nobody'))
  if (!user) throw new Error('PostgreSQL cannot run as root and this machine has no user "postgres" or "nobody".')
  return user
}

async function lookUp(name: string): Promise<ServerUser> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
  if (uid.code !== 0 || gid.code !== 0) return null
  // `| 0`: some systems print nobody's -2 as 4294967294, which is no valid argument to spawn
  return { uid: Number(uid.stdout) | 0, gid: Number(gid.stdout) | 0 }
}

async function create(name: string): Promise<ServerUser> {
  const system = await run('useradd', ['--system', '--no-create-home', '--shell', '/bin/false', name])
  if (system.code !== 0) await run('adduser', ['-S', '-D', '-H', '-s', '/bin/false', name]) // BusyBox
  return lookUp(name)
}
