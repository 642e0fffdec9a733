import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@quimbi/database/port.ts'
import { demoLogin } from '@quimbi/support/demo/seed.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import { root } from '../../../scripts/lib/root.ts'
import { readOperations } from '../../build/documents.ts'
import { buildConsole } from './built.ts'
import { runningServer } from './config.ts'

export type Server = {
  url: string
  /** Asks the graph as somebody of the demo; throws what it refuses. */
  ask<Data>(query: string, variables?: object, email?: string): Promise<Data>
  close(): Promise<void>
}

/** What `npm start` runs, in production and with the demo world, in databases of its own. */
export async function startServer(environment: NodeJS.ProcessEnv = {}): Promise<Server> {
  const running = runningServer()
  if (running) return { url: running, ask: asker(running), close: () => Promise.resolve() }
  await buildConsole()
  const [support, intelligence] = await Promise.all([createTestDatabase('support'), createTestDatabase('intelligence')])
  const dataDir = await mkdtemp(join(tmpdir(), 'quimbi-console-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: root,
    env: {
      ...process.env,
      ...{
        PORT: String(port),
        QUIMBI_DATA_DIR: dataDir,
        NODE_ENV: 'production',
        LOG_LEVEL: 'error',
        SEED_DEMO: 'true',
      },
      ...{ SUPPORT_DATABASE_URL: support.url, INTELLIGENCE_DATABASE_URL: intelligence.url },
      PERSISTED_DOCUMENTS_ONLY: '',
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
    ask: asker(url),
    async close() {
      if (child.exitCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      }
      await Promise.all([support.drop(), intelligence.drop(), rm(dataDir, { recursive: true, force: true })])
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/ready`, { headers: { connection: 'close' } }).catch(() => null)
  await response?.body?.cancel()
  return response?.ok ?? false
}

export type Login = { accessToken: string; expiresAt: string; tenant: string; email: string }

/** A login as the console keeps it. */
export async function logInAt(url: string, email: string = demoLogin.email): Promise<Login> {
  const { tenant, password } = demoLogin
  // By its name, as the console does: a server may take no other document.
  const documentId = (await readOperations(join(root, 'console/src'))).find(({ name }) => name === 'LogIn')?.id
  const variables = { input: { tenant, email, password } }
  const { login } = await post<{ login: Pick<Login, 'accessToken' | 'expiresAt'> }>(url, { documentId, variables })
  return { ...login, tenant, email }
}

function asker(url: string): Server['ask'] {
  const tokens = new Map<string, Promise<Login>>()
  return async (query, variables = {}, email = demoLogin.email) => {
    const login = tokens.get(email) ?? logInAt(url, email)
    tokens.set(email, login)
    return post(url, { query, variables }, (await login).accessToken)
  }
}

async function post<Data>(url: string, body: object, token?: string): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown }
  if (errors || !data) throw new Error(`The graph refused: ${JSON.stringify(errors)}`)
  return data
}
