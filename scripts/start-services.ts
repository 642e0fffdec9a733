// `npm run start:services`: gateway, support and intelligence as three processes, as they run in production.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readConsole } from '@quimbi/gateway/console/folder.ts'
import { ConfigError, port, readEnvironment } from '@quimbi/service/config.ts'
import { runUntilSignal, type Stoppable } from '@quimbi/service/lifecycle.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import { dataDirectory, migrateDatabases, openDatabases } from './lib/databases.ts'
import { seedDemoWorldAt } from './lib/demo.ts'
import { assertFree } from './lib/ports.ts'
import { root } from './lib/root.ts'
import { readSecrets } from './lib/secrets.ts'
import { showSteps } from './lib/steps.ts'
import { welcome } from './lib/welcome.ts'

const help = `npm run start:services: gateway, support and intelligence as three processes.

  PORT, SUPPORT_PORT, INTELLIGENCE_PORT         where each listens; 4000, 4001, 4002
  SUPPORT_DATABASE_URL, INTELLIGENCE_DATABASE_URL   databases; the embedded server's unless both are set
  REDIS_URL                                     wake-ups, limits and nonces shared between processes
  CONSOLE_DIR                                   a built console, or off; the project's own
  SERVICE_KEYS, AGENT_TOKEN_PRIVATE_KEY, AGENT_TOKEN_PUBLIC_KEYS   this installation's own unless set
`

const environment = z.object({
  PORT: port.default(4000),
  SUPPORT_PORT: port.default(4001),
  INTELLIGENCE_PORT: port.default(4002),
  HOST: z.string().describe('an address to listen on').default('127.0.0.1'),
})

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(help)
  const dataDir = dataDirectory(process.env)
  const steps = showSteps(process.stderr)
  const stoppables: Stoppable[] = []
  try {
    const { PORT, SUPPORT_PORT, INTELLIGENCE_PORT, HOST } = readEnvironment(environment, process.env)
    const hasConsole = Boolean(readConsole(process.env['CONSOLE_DIR'] ?? '')?.folder)
    for (const each of [PORT, SUPPORT_PORT, INTELLIGENCE_PORT]) await assertFree(each, HOST)
    mkdirSync(dataDir, { recursive: true })
    steps.step('database')
    const databases = await openDatabases({ dataDir, environment: process.env, onStep: steps.step })
    stoppables.unshift({ name: 'database server', stop: () => databases.stop() })
    steps.step('migrations')
    await migrateDatabases(databases.urls, steps.step)
    if (databases.embedded) await seedDemoWorldAt(databases.urls, new Date(), steps.step)
    steps.step('services')
    const shared = {
      ...process.env,
      ...readSecrets(dataDir, process.env),
      SUPPORT_DATABASE_URL: databases.urls.support,
      INTELLIGENCE_DATABASE_URL: databases.urls.intelligence,
      SUPPORT_URL: `http://${HOST}:${SUPPORT_PORT}`,
      INTELLIGENCE_URL: `http://${HOST}:${INTELLIGENCE_PORT}`,
    }
    const { SERVICE_KEYS, AGENT_TOKEN_PUBLIC_KEYS, AGENT_TOKEN_PRIVATE_KEY, ...others } = shared
    const publicOnly = { ...others, SERVICE_KEYS, AGENT_TOKEN_PUBLIC_KEYS }
    const services = [
      { name: 'intelligence', entry: 'subgraphs/intelligence/src/main.ts', port: INTELLIGENCE_PORT, env: publicOnly },
      {
        name: 'support',
        entry: 'subgraphs/support/src/main.ts',
        port: SUPPORT_PORT,
        // The console is the gateway's, and uploads to here.
        env: { CORS_ORIGINS: `http://${HOST}:${PORT}`, ...publicOnly, AGENT_TOKEN_PRIVATE_KEY },
      },
      {
        name: 'gateway',
        entry: 'gateway/src/main.ts',
        port: PORT,
        env: { CONSOLE_FILE_ORIGINS: `http://${HOST}:${SUPPORT_PORT}`, ...publicOnly },
      },
    ]
    for (const { name, entry, port: at, env } of services) {
      const service = startProcess(entry, { ...env, PORT: String(at) })
      stoppables.unshift({ name, stop: service.stop })
      await Promise.race([isReady(`http://${HOST}:${at}/ready`), service.failed(name)])
      // From here on a service that ends takes the others along: half a graph is no graph.
      service.failed(name).catch((error: Error) => {
        process.stderr.write(`${error.message}\n`)
        process.kill(process.pid, 'SIGTERM')
      })
    }
    steps.done()
    runUntilSignal(stoppables, { log: createLogger({ service: 'services', level: 'warn' }) })
    const at = (each: number) => `http://${HOST}:${each}`
    process.stdout.write(
      welcome({
        url: at(PORT),
        hasDemo: databases.embedded,
        hasConsole,
        partners: at(INTELLIGENCE_PORT),
      }),
    )
    process.stdout.write(`\nSupport listens at ${at(SUPPORT_PORT)}, Intelligence at ${at(INTELLIGENCE_PORT)}.\n`)
  } catch (error) {
    steps.fail()
    for (const { stop } of stoppables) await stop()
    if (!(error instanceof Error)) throw error
    process.stderr.write(
      `${error instanceof ConfigError ? error.message : `npm run start:services failed: ${error.message}`}\n`,
    )
    process.exit(1)
  }
}

/** A service's process, out of reach of the terminal's Ctrl-C, so that they stop in order: doors first, database last. */
function startProcess(entry: string, env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, [join(root, entry)], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  const exited = new Promise<number | null>((done) => void child.once('exit', (code) => done(code)))
  let isStopping = false
  return {
    async stop() {
      isStopping = true
      child.kill('SIGTERM')
      await exited
    },
    /** Rejects when the process ends by itself. */
    async failed(name: string): Promise<never> {
      const code = await exited
      if (isStopping) return new Promise(() => {})
      throw new Error(`The ${name} service ended by itself with exit code ${code}.`)
    },
  }
}

async function isReady(url: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const response = await fetch(url).catch(() => null)
    await response?.body?.cancel()
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${url} did not become ready within a minute.`)
}

await main()
