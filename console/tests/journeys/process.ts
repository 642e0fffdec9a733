import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@quimbi/database/port.ts'
import { root } from '../../../scripts/lib/root.ts'
import { buildConsole } from './built.ts'
import { systemEnvironment } from './config.ts'

/** What `npm start` runs, in production and with the demo world, over the databases that the environment names. */
export async function startGraph(environment: NodeJS.ProcessEnv): Promise<{ url: string; stop(): Promise<void> }> {
  await buildConsole()
  const dataDir = await mkdtemp(join(tmpdir(), 'quimbi-console-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: root,
    env: {
      ...systemEnvironment(),
      ...{
        PORT: String(port),
        QUIMBI_DATA_DIR: dataDir,
        NODE_ENV: 'production',
        LOG_LEVEL: 'error',
        SEED_DEMO: 'true',
      },
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said += String(text)))
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}: ${said}`)
    await delay(100)
  }
  return {
    url,
    async stop() {
      if (child.exitCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      }
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/ready`, { headers: { connection: 'close' } }).catch(() => null)
  await response?.body?.cancel()
  return response?.ok ?? false
}
