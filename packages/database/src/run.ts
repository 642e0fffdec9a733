import { execFile } from 'node:child_process'
import type { ServerUser } from './postgres-user.ts'

/** What PostgreSQL's programs see: a fixed locale and path, nothing of ours. */
export const serverEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
}

export type Outcome = { code: number; stdout: string; stderr: string }

/** Runs a program to its end as `user`. Never throws: one that cannot start has code 127 and says why in `stderr`. */
export function run(command: string, args: readonly string[], user: ServerUser = null): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: '/', env: serverEnvironment, timeout: 300_000, ...user }
    try {
      execFile(command, args, options, (error, stdout, stderr) => {
        if (!error) return resolve({ code: 0, stdout, stderr })
        const code = typeof error.code === 'number' ? error.code : 127
        resolve({ code, stdout, stderr: stderr || error.message })
      })
    } catch (error) {
      resolve({ code: 127, stdout: '', stderr: String(error) })
    }
  })
}
