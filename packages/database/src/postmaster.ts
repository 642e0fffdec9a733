import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from './file-lock.ts'

/** PostgreSQL's own account of itself, from `postmaster.pid`. */
export type Postmaster = { pid: number; port: number; status: 'starting' | 'stopping' | 'ready' }

/** The server that runs on the cluster in `data`; `null` when none does, whatever a crash left in the file. */
export async function postmasterOf(data: string): Promise<Postmaster | null> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!(pid > 0) || !isAlive(pid) || !(await commandLine(pid)).includes(data)) return null
  const status = lines[7]?.trim()
  return { pid, port: Number(lines[3]), status: status === 'ready' || status === 'stopping' ? status : 'starting' }
}

/**
 * After a crash the process id in the file may belong to some other process of the same user, and PostgreSQL would refuse
 * to start. Call only where `postmasterOf` finds none. The file of a dead process stays: PostgreSQL itself checks by it that no
 * orphaned backend is left.
 */
export async function removeMisleadingPid(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid')
  const pid = parseInt(await readFile(file, 'utf8').catch(() => ''), 10)
  if (pid > 0 && isAlive(pid)) await rm(file, { force: true })
}

async function commandLine(pid: number): Promise<string> {
  const own = await readFile('/proc/self/cmdline').catch(() => null)
  if (own) return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'args=', '-p', String(pid)], (_, stdout) => resolve(stdout))
  })
}
