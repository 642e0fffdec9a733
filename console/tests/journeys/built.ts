import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { consoleStep } from '../../../scripts/lib/launch/console.mjs'
import { withLock } from '../../../scripts/lib/launch/lock.mjs'
import { root } from '../../../scripts/lib/root.ts'

/** Builds the console where its sources changed; one process at a time, others wait. */
export async function buildConsole(): Promise<void> {
  if (consoleStep.isDone()) return
  await withLock(
    join(root, '.data/setup.lock'),
    () => {
      if (consoleStep.isDone()) return Promise.resolve()
      const { command, args, env } = consoleStep
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: env ?? {} })
      if (status !== 0) throw new Error(`The console does not build:\n${stdout}${stderr}`)
      consoleStep.markDone()
      return Promise.resolve()
    },
    () => {},
  )
}
