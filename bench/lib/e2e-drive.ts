import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '@quimbi/service/random.ts'
import type { Pool } from 'undici'
import { cpuPerRequest, cpuShares } from './e2e-cpu.ts'
import { nextRequest, type Known } from './e2e-work.ts'
import type { LiveWorld } from './live-world.ts'
import { quantile } from './quantile.ts'

type Sample = { name: string; ms: number; problem: string | null }

/** `problem`: why the answer is none, a word or two. */
export type Client = (token: string, operation: { query: string; variables: object }) => Promise<Answered>
type Answered = { problem: string | null; text: string }

export function clientOf(pool: Pool): Client {
  return async (token, operation) => {
    try {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(operation),
        headersTimeout: 10_000,
        bodyTimeout: 10_000,
      })
      const text = await body.text()
      return { problem: statusCode === 200 && isFine(text) ? null : problemIn(text, statusCode), text }
    } catch (error) {
      return { problem: error instanceof Error ? error.name : 'failed', text: '' }
    }
  }
}

// What is fine is not parsed: the load generator shares the cores with what it measures.
const isFine = (text: string) =>
  text.startsWith('{"data":{') &&
  !text.includes('"errors":[') &&
  (!text.includes('"userErrors":[') || text.includes('"userErrors":[]'))

type Problem = { message?: string; code?: string; extensions?: { code?: string; reason?: string; service?: string } }
type Answer = { data?: Record<string, { userErrors?: Problem[] } | null>; errors?: Problem[] }

function problemIn(text: string, status: number): string {
  try {
    const { data, errors } = JSON.parse(text) as Answer
    // A mutation that said no: nothing of what is sent here may be refused.
    const told = errors?.[0] ?? Object.values(data ?? {}).flatMap((answer) => answer?.userErrors ?? [])[0]
    const { code, extensions } = told ?? {}
    return [code ?? extensions?.code ?? status, extensions?.reason, extensions?.service].filter(Boolean).join(' ')
  } catch {
    return String(status)
  }
}

type Driving = {
  world: LiveWorld
  client: Client
  known: Known
  /** the process of the connected agents */
  agentsPid: number
  perMinute: number
  seconds: number
}
let serial = 0

/** Sends at a rate, whatever the answers do: who waits for a late answer is counted as waiting from when it was due. */
export async function drive({ world, client, known, agentsPid, perMinute, seconds }: Driving) {
  const { gateway, support, intelligence } = world.services
  const named = { gateway: gateway.pid, support: support.pid, intelligence: intelligence.pid, agents: agentsPid }
  // Whoever may see and change all tickets: a request that is refused would say nothing of the graph.
  const tokens = world.members.filter(({ scope }) => scope !== 'agent').map(({ token }) => token)
  const random = createRandom(perMinute)
  const samples: Sample[] = []
  const waiting = new Set<Promise<void>>()
  const before = cpuShares(named)
  const began = performance.now()
  const count = Math.round((perMinute / 60) * seconds)
  const everyMs = 60_000 / perMinute
  for (let n = 0; n < count; n += 1) {
    const due = began + n * everyMs
    const early = due - performance.now()
    if (early > 0) await delay(early)
    const { name, ...operation } = nextRequest(random, known, (serial += 1))
    const one: Promise<void> = client(tokens[n % tokens.length] ?? '', operation)
      .then(({ problem }) => void samples.push({ name, ms: performance.now() - due, problem }))
      .finally(() => waiting.delete(one))
    waiting.add(one)
  }
  const sentIn = (performance.now() - began) / 1_000
  await Promise.all(waiting)
  return {
    samples,
    perMinute: Math.round((count / sentIn) * 60),
    p95Ms: quantile(
      samples.map(({ ms }) => ms),
      0.95,
    ),
    errors: samples.filter(({ problem }) => problem !== null).length,
    problems: Map.groupBy(samples, ({ problem }) => problem),
    cpuMs: cpuPerRequest(before, cpuShares(named), samples.length),
  }
}
