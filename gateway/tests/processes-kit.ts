import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@quimbi/database/port.ts'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { seedDemoOrders } from '@quimbi/intelligence/demo/seed.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { openSupportDatabase } from '@quimbi/support/database.ts'
import { demoLogin, seedDemo } from '@quimbi/support/demo/seed.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import { root } from '../../scripts/lib/root.ts'

export type ServiceName = 'gateway' | 'support' | 'intelligence'

/** A service's process: it listens at the same address each time it is started. */
export type ServiceProcess = {
  url: string
  /** Resolves when it is ready. */
  start(): Promise<void>
  /** As a crash or an overload would. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  stop(): Promise<void>
}

const entries: Record<ServiceName, string> = {
  gateway: 'gateway/src/main.ts',
  support: 'subgraphs/support/src/main.ts',
  intelligence: 'subgraphs/intelligence/src/main.ts',
}

/** A demo world in two databases of its own, and processes of services over them. */
export async function openProcesses(environment: NodeJS.ProcessEnv = {}) {
  const [support, intelligence] = await Promise.all([createTestDatabase('support'), createTestDatabase('intelligence')])
  await seed(support.url, intelligence.url)
  const filesDir = mkdtempSync(join(tmpdir(), 'quimbi-files-'))
  const processes: ServiceProcess[] = []
  const shared = {
    ...generateSecrets(),
    ...{ LOG_LEVEL: 'silent', NODE_ENV: 'production', DATABASE_POOL: '3', SUPPORT_FILES_DIR: filesDir },
    ...{ SUPPORT_DATABASE_URL: support.url, INTELLIGENCE_DATABASE_URL: intelligence.url },
    ...environment,
  }
  const portOf = { support: await freePort(), intelligence: await freePort() }
  return {
    /** One that calls the first Support and the first Intelligence, unless told otherwise. */
    async service(name: ServiceName, own: Record<string, string> = {}, port?: number): Promise<ServiceProcess> {
      const urls = { SUPPORT_URL: at(portOf.support), INTELLIGENCE_URL: at(portOf.intelligence) }
      const listen = port ?? (await freePort())
      const made = serviceProcess(entries[name], listen, { ...shared, ...urls, ...own })
      processes.push(made)
      return made
    },
    portOf,
    async close() {
      await Promise.all(processes.map((one) => one.stop()))
      await Promise.all([support.drop(), intelligence.drop()])
      rmSync(filesDir, { recursive: true, force: true })
    },
  }
}

const at = (port: number) => `http://127.0.0.1:${port}`

function serviceProcess(entry: string, port: number, environment: NodeJS.ProcessEnv): ServiceProcess {
  const env = { ...environment, PORT: String(port), HOST: '127.0.0.1' }
  let child: ReturnType<typeof spawn> | undefined
  async function end(name: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(name)
    await exited
  }
  return {
    url: at(port),
    async start() {
      const started = spawn(process.execPath, [join(root, entry)], {
        cwd: root,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      child = started
      let said = ''
      started.stderr.on('data', (text: Buffer) => (said += String(text)))
      while (!(await isReady(`${at(port)}/ready`))) {
        if (started.exitCode !== null) throw new Error(`${entry} ended with ${started.exitCode}: ${said}`)
        await delay(50)
      }
    },
    async signal(name) {
      if (name === 'SIGKILL') await end(name)
      else child?.kill(name)
    },
    async stop() {
      child?.kill('SIGCONT')
      await end('SIGTERM')
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url, { headers: { connection: 'close' } }).catch(() => null)
  await response?.body?.cancel()
  return response?.ok ?? false
}

async function seed(supportUrl: string, intelligenceUrl: string): Promise<void> {
  const support = await openSupportDatabase({ url: supportUrl })
  const intelligence = await openIntelligenceDatabase({ url: intelligenceUrl })
  const now = new Date()
  const tenant = await seedDemo(support, now)
  if (tenant) await seedDemoOrders(intelligence, tenant, now)
  await Promise.all([support.close(), intelligence.close()])
}

export type Body = {
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[]
}

/** Asks a process over HTTP. */
export async function post(
  { url }: ServiceProcess,
  query: string,
  variables: object = {},
  token?: string,
): Promise<Body> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...authorization },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Body
}

/** The demo's administrator. */
export async function logIn(gateway: ServiceProcess): Promise<string> {
  const query = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'
  const { data, errors } = await post(gateway, query, { input: demoLogin })
  const token = (data?.['login'] as { accessToken?: string } | undefined)?.accessToken
  if (!token) throw new Error(`The login was refused: ${JSON.stringify(errors)}`)
  return token
}
