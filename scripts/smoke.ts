// The README's promise, kept by a machine: npm start, log in, read the inbox, Ctrl-C, and nothing is left running.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@quimbi/database/port.ts'
import { z } from 'zod'
import { descendants, isAlive, mentioning } from './lib/processes.ts'
import { root } from './lib/root.ts'

const START_MS = 300_000
const STOP_MS = 60_000

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { accessToken userErrors { code message } } }`
const INBOX = `{ inbox(first: 50) { nodes { number subject customer { name behavior {
  lifetimeValue { amount } totalOrders daysSinceLastPurchase } } } } }`

const loginSchema = z.object({
  login: z.object({ accessToken: z.string(), userErrors: z.array(z.unknown()).length(0) }),
})
const behaviorSchema = z.object({
  lifetimeValue: z.object({ amount: z.string() }),
  totalOrders: z.number().int(),
  daysSinceLastPurchase: z.number().nullable(),
})
const ticketSchema = z.object({
  number: z.number().int(),
  subject: z.string(),
  customer: z.object({ name: z.string(), behavior: behaviorSchema.nullable() }),
})
const inboxSchema = z.object({ inbox: z.object({ nodes: z.array(ticketSchema).min(1) }) })

async function ask(url: string, query: string, variables: object, token?: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  })
  const body: unknown = await response.json()
  const { data, errors } = z.object({ data: z.unknown(), errors: z.unknown().optional() }).parse(body)
  if (errors) throw new Error(`the graph answered with errors: ${JSON.stringify(errors)}`)
  return data
}

async function within<T>(ms: number, what: string, poll: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const found = await poll()
    if (found !== null) return found
    if (Date.now() > deadline) throw new Error(`${what} took more than ${ms / 1000} s`)
    await sleep(200)
  }
}

const isReady = (url: string) =>
  fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
    async (response) => {
      await response.body?.cancel()
      return response.ok
    },
    () => false,
  )

/** The page people open first, and the scripts that it loads: their bytes. */
async function openConsole(url: string): Promise<number> {
  const page = await fetch(url, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(5_000) })
  const scripts = [...(await page.text()).matchAll(/"(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path)
  if (!page.ok || scripts.length === 0) throw new Error(`no console at ${url}: ${page.status}`)
  if (!page.headers.get('content-security-policy')?.includes("script-src 'self'"))
    throw new Error('the console comes without its policy')
  let bytes = 0
  for (const script of scripts) {
    const asset = await fetch(`${url}${script}`, { signal: AbortSignal.timeout(5_000) })
    bytes += (await asset.arrayBuffer()).byteLength
    if (!asset.ok) throw new Error(`the console's script ${script} does not come: ${asset.status}`)
  }
  if (bytes < 100_000) throw new Error(`the console's scripts are ${bytes} bytes only`)
  return bytes
}

const port = await freePort()
const url = `http://127.0.0.1:${port}`
const folder = mkdtempSync(join(tmpdir(), 'quimbi-smoke-'))
// PostgreSQL refuses root and runs as another user, who has to get through here.
chmodSync(folder, 0o755)
const env = { ...process.env, PORT: String(port), QUIMBI_DATA_DIR: join(folder, 'data') }
const began = Date.now()
// A group of its own, so that nothing outlives a failed smoke.
const app = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
let ended: { code: number | null; signal: NodeJS.Signals | null } | null = null
app.on('exit', (code, signal) => (ended = { code, signal }))
app.on('error', (error) => {
  console.error(error.message)
  ended = { code: 1, signal: null }
})
let family: number[] = []

try {
  await within(START_MS, 'the start', async () => {
    if (ended) throw new Error('npm start ended before it was ready')
    return (await isReady(url)) ? true : null
  })
  console.log(`smoke: ready after ${((Date.now() - began) / 1000).toFixed(1)} s`)

  console.log(`smoke: the console is there, its script has ${Math.round((await openConsole(url)) / 1024)} KiB`)

  const input = { tenant: 'demo', email: 'maya@demo.example', password: 'quimbi-demo' }
  const { login } = loginSchema.parse(await ask(url, LOGIN, { input }))
  const { inbox } = inboxSchema.parse(await ask(url, INBOX, {}, login.accessToken))
  const known = inbox.nodes.filter(({ customer }) => (customer.behavior?.totalOrders ?? 0) > 0).length
  if (known === 0) throw new Error('no customer in the inbox has a behaviour: Intelligence did not answer')
  console.log(`smoke: ${inbox.nodes.length} tickets, ${known} of them from customers with orders`)

  family = descendants(app.pid ?? 0)
  app.kill('SIGINT')
  const { code, signal } = await within(STOP_MS, 'the stop', () => Promise.resolve(ended))
  if (signal !== 'SIGINT' && code !== 0 && code !== 130) throw new Error(`the stop was not clean: ${code ?? signal}`)
  const left = [...family.filter(isAlive), ...mentioning(folder)]
  if (left.length > 0) throw new Error(`still running after the stop: ${left.join(', ')}`)
  console.log('smoke: stopped cleanly, nothing left running')
} catch (error) {
  console.error(`smoke: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  for (const pid of new Set([...descendants(app.pid ?? 0), ...family, ...mentioning(folder)])) {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  }
  if (!ended) app.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
