import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Pool } from 'undici'
import { quantile } from './quantile.ts'
import type { Work } from './gateway-work.ts'

/** A process of a benchmark that tells what it is when it is ready. */
export async function forkTelling<T>(file: URL, args: readonly string[]): Promise<{ child: ChildProcess; told: T }> {
  const env = { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: '1' }
  const child = fork(file, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${args[0] ?? ''} ended with ${String(code)}`)
  })
  ended.catch(() => {}) // it ends when it is told to
  const [told] = (await Promise.race([once(child, 'message'), ended])) as [T]
  return { child, told }
}

/** CPU time so far of a gateway's process, in microseconds, and its memory in bytes. */
async function usageOf(child: ChildProcess): Promise<{ micros: number; rss: number }> {
  child.send('usage')
  const [{ cpu, rss }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage; rss: number }]
  return { micros: cpu.user + cpu.system, rss }
}

export type Gateway = { name: string; url: string; child: ChildProcess }
export type Round = { requestsPerSecond: number; cpuMillis: number; p99Ms: number; failed: number }

let serial = 0

/** Fifty clients that ask again as soon as they are answered. */
export async function load({ url, child }: Gateway, work: Work, seconds: number, clients = 50): Promise<Round> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: clients })
  const waits: number[] = []
  let failed = 0
  const before = await usageOf(child)
  const started = performance.now()
  const until = started + seconds * 1000
  const client = async () => {
    for (let now = performance.now(); now < until;) {
      serial += 1
      const text = await ask(pool, pathname, work.bodyOf(serial))
      if (!isAnswer(text)) failed += 1
      const after = performance.now()
      waits.push(after - now)
      now = after
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const elapsed = (performance.now() - started) / 1000
  const after = await usageOf(child)
  await pool.close()
  return {
    requestsPerSecond: waits.length / elapsed,
    cpuMillis: (after.micros - before.micros) / 1000 / waits.length,
    p99Ms: quantile(waits, 0.99),
    failed,
  }
}

async function ask(pool: Pool, path: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const response = await pool.request({ method: 'POST', path, headers, body })
  return response.body.text()
}

const isAnswer = (text: string) => text.startsWith('{"data":{"') && !text.includes('"errors"')

/** What a gateway answers, to compare. */
export async function answerOf({ url }: Gateway, work: Work): Promise<unknown> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin)
  const text = await ask(pool, pathname, work.bodyOf(1))
  await pool.close()
  return JSON.parse(text) as unknown
}
