// The partner door: what its guard costs, how much it serves, and whether a key's limit holds over several processes.
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { cpuMicros } from './lib/cpu.ts'
import { measureGuard } from './lib/partner-guard.ts'
import { openPartnerServers, type PartnerServers } from './lib/partner-world.ts'
import { quantile } from './lib/quantile.ts'

const asked = 10_000
const clients = 50
const path = '/partner/graphql'
const query = `query ($id: ID!) { customerInsight(customerId: $id) { id dna { archetype { name } }
  churnRisk { score level factors { feature contribution } } ltvForecast { amount { amount } } lifecycle engagement { score } } }`

/**
 * `guardCpuMs`: what key, limits and cost add to a request, with Redis; `requestsPerMinute` and `p95Ms`: kept up by one process for
 * `customerInsight`, each time of another customer; `cpuMs`: of each of these requests, by client, services, PostgreSQL and Redis together;
 * `limitErrorPercent`: of four processes with one Redis, asked by fifty clients. @public
 */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const whole = seconds ?? 180
  const guard = await measureGuard(quick ? 2 : whole / 6)
  log(`the guard costs ${guard.memoryMs} ms of CPU in memory, ${guard.redisMs} ms with Redis`)
  const servers = await openPartnerServers({ instances: 4, customers: quick ? 200 : 5_000 })
  try {
    log('customers with orders; their insight is computed')
    await ask(servers, 0, await servers.key(1_000), servers.customerIds[0] ?? '')
    await servers.computed()
    const load = await sustained(servers, quick ? 3 : whole / 3)
    const limit = await limitError(servers, quick ? 3 : whole / 12)
    return {
      table: {
        columns: ['what', 'measured', 'asked'],
        rows: [
          ['CPU of the guard, in memory: ms a request', guard.memoryMs, ''],
          ['CPU of the guard, with Redis: ms a request', guard.redisMs, 0.5],
          ['requests a minute', load.requestsPerMinute, asked],
          ['p95 of customerInsight, ms', load.p95Ms, 200],
          ['CPU of a request in all, client included, ms', load.cpuMs, ''],
          ['errors', load.errors, 0],
          ['let in by four processes', limit.served, limit.expected],
          ['off by, per cent', limit.errorPercent, 1],
        ],
      },
      figures: {
        guardCpuMs: guard.redisMs,
        guardMemoryCpuMs: guard.memoryMs,
        requestsPerMinute: load.requestsPerMinute,
        p50Ms: load.p50Ms,
        p95Ms: load.p95Ms,
        cpuMs: load.cpuMs,
        errors: load.errors,
        limitErrorPercent: limit.errorPercent,
      },
    }
  } finally {
    await servers.close()
  }
}

type Asked = { status: number; ms: number }

async function ask({ services }: PartnerServers, at: number, key: string, id: string): Promise<Asked> {
  const service = services[at % services.length]
  if (!service) throw new Error('no process serves')
  return post(poolOf(service.url), key, JSON.stringify({ query, variables: { id } }))
}

const pools = new Map<string, Pool>()
const poolOf = (url: string): Pool => {
  const known = pools.get(url) ?? new Pool(url, { connections: 64 })
  pools.set(url, known)
  return known
}

async function post(pool: Pool, key: string, body: string): Promise<Asked> {
  const began = performance.now()
  const headers = { 'content-type': 'application/json', 'x-api-key': key }
  const { statusCode, body: answer } = await pool.request({ path, method: 'POST', headers, body })
  const text = await answer.text()
  const isWrong = statusCode === 200 && text.includes('"errors"')
  return { status: isWrong ? 500 : statusCode, ms: performance.now() - began }
}

/** Sent when due, whether earlier ones are answered or not; the wait counts from then. One process of the four is asked. */
async function sustained(servers: PartnerServers, forSeconds: number) {
  const key = await servers.key(100_000)
  const { customerIds } = servers
  const drive = async (perMinute: number, seconds: number): Promise<Asked[]> => {
    const count = Math.ceil((perMinute * seconds) / 60)
    const began = performance.now()
    const sent: Promise<Asked>[] = []
    for (let n = 0; n < count; n++) {
      const due = (n * 60_000) / perMinute
      const early = due - (performance.now() - began)
      if (early > 1) await delay(early)
      const late = performance.now() - began - due
      sent.push(
        ask(servers, 0, key, customerIds[n % customerIds.length] ?? '').then((one) => ({ ...one, ms: one.ms + late })),
      )
    }
    return Promise.all(sent)
  }
  await drive(asked / 2, Math.min(10, forSeconds / 2))
  const began = performance.now()
  const cpuBefore = cpuMicros()
  const answers = await drive(asked, forSeconds)
  const cpuMs = (cpuMicros() - cpuBefore) / 1_000 / answers.length
  const minutes = (performance.now() - began) / 60_000
  const times = answers.map(({ ms }) => ms)
  return {
    requestsPerMinute: Math.round(answers.length / minutes),
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    cpuMs: Number(cpuMs.toFixed(2)),
    errors: answers.filter(({ status }) => status !== 200).length,
  }
}

/** Fifty clients ask four processes as fast as they can with one key; let in may be what its bucket held, and what came since. */
async function limitError(servers: PartnerServers, forSeconds: number) {
  const perMinute = 3_000
  const key = await servers.key(perMinute)
  const body = JSON.stringify({ query: '{ __typename }' })
  const began = performance.now()
  let [served, last] = [0, began]
  const client = async (n: number): Promise<void> => {
    const pool = poolOf(servers.services[n % servers.services.length]?.url ?? '')
    while (performance.now() - began < forSeconds * 1_000) {
      const { status } = await post(pool, key, body)
      if (status === 200) served += 1
      last = performance.now()
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, n) => client(n)))
  const expected = Math.round(perMinute + (perMinute * (last - began)) / 60_000)
  const errorPercent = Number(((100 * Math.abs(served - expected)) / expected).toFixed(2))
  return { served, expected, errorPercent }
}
