// The whole graph at work: gateway, Support and Intelligence as processes, PostgreSQL and Redis; a thousand agents of twenty businesses, connected and live.
import { setTimeout as delay } from 'node:timers/promises'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { ingestOrders } from '@quimbi/intelligence/orders/ingest.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { Pool } from 'undici'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { nextRequest, orderBatches, requestNames, type Known } from './lib/e2e-work.ts'
import { forkTelling } from './lib/gateway-load.ts'
import { cpuMicrosOf } from './lib/live-processes.ts'
import { openLiveWorld, type LiveWorld } from './lib/live-world.ts'
import { quantile } from './lib/quantile.ts'

const asked = 10_000
const longest = 200
/** Requests a minute that are tried, one after the other, until one is not held. */
const ladder = [
  1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 10_000, 12_500, 15_000, 20_000, 25_000, 30_000, 40_000,
]

type Sample = { name: string; ms: number; problem: string | null }

/** `p95Ms` at 10,000 requests a minute, from when each was due; `requestsPerMinute` that was kept up; `mostRequestsPerMinute` with a p95 under 200 ms and no error. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const agents = quick ? 30 : 1_000
  const customers = quick ? 20 : 200
  const businesses = quick ? 2 : 20
  const world = await openLiveWorld({ agents, businesses, durable: true })
  const pool = new Pool(world.services.gateway.url, { connections: 128 })
  const { child } = await forkTelling<'ready'>(new URL('./lib/live-subscribers.ts', import.meta.url), [
    world.services.gateway.url,
  ])
  try {
    log(`${agents} agents of ${businesses} businesses, each with ${customers} customers with orders`)
    const client = graphOf(pool)
    const random = createRandom(1)
    for (const tenantId of world.tenantIds) await sell(world, tenantId, orderBatches(customers, random, Date.now()))
    const opened = new Promise<unknown>((resolve) => child.once('message', resolve))
    child.send({ ask: 'open', members: [...world.members] })
    await opened
    const known = await readKnown(client, world)
    const load = (perMinute: number, forSeconds: number) =>
      drive({ world, client, known, perMinute, seconds: forSeconds })
    log('warming up')
    await load(asked / 2, quick ? 2 : 10)
    const whole = seconds ?? 300
    let most = 0
    for (const rate of quick ? [] : ladder) {
      const tried = await load(rate, whole / 20)
      log(`${rate.toLocaleString('en')} a minute: p95 ${tried.p95Ms} ms, ${tried.errors} errors`)
      if (!held(tried)) break
      most = tried.perMinute
    }
    const measured = await load(asked, quick ? 3 : whole / 6)
    for (const [problem, { length }] of measured.problems) if (problem) log(`${length} × ${problem}`)
    const told = new Promise<unknown>((resolve) => child.once('message', resolve))
    child.send({ ask: 'told' })
    const { deliveries } = (await told) as { deliveries: number }
    const waits = (name: string) => measured.samples.filter((one) => one.name === name).map(({ ms }) => ms)
    return {
      table: {
        columns: ['request', 'count', 'p50 ms', 'p95 ms'],
        rows: requestNames.map((name) => {
          const own = waits(name)
          return [name, own.length, quantile(own, 0.5), quantile(own, 0.95)]
        }),
      },
      figures: {
        agents,
        businesses,
        p95Ms: measured.p95Ms,
        requestsPerMinute: measured.perMinute,
        errors: measured.errors,
        mostRequestsPerMinute: most,
        gatewayCpuMs: measured.gatewayCpuMs,
        deliveries,
      },
    }
  } finally {
    child.disconnect()
    await pool.destroy()
    await world.close()
  }
}

const held = ({ p95Ms, errors }: Awaited<ReturnType<typeof drive>>): boolean => p95Ms < longest && errors === 0

/** `problem`: why the answer is none, a word or two. */
type Client = (
  token: string,
  operation: { query: string; variables: object },
) => Promise<{ problem: string | null; data?: unknown }>

function graphOf(pool: Pool): Client {
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
      const { data, errors } = (await body.json()) as Answer
      const told = errors?.[0] ?? refusalIn(data)
      return { problem: told ? codeOf(told) : statusCode === 200 ? null : String(statusCode), data }
    } catch (error) {
      return { problem: error instanceof Error ? error.name : 'failed' }
    }
  }
}

type Problem = { message?: string; code?: string; extensions?: { code?: string; reason?: string; service?: string } }
type Answer = { data?: Record<string, unknown>; errors?: Problem[] }

const codeOf = ({ code, extensions }: Problem) =>
  [code ?? extensions?.code, extensions?.reason, extensions?.service].filter(Boolean).join(' ')

/** A mutation that said no: nothing of what is sent here may be refused. */
const refusalIn = (data: Record<string, unknown> | undefined): Problem | undefined =>
  Object.values(data ?? {}).flatMap((answer) => (answer as { userErrors?: Problem[] } | null)?.userErrors ?? [])[0]

/** Orders of the world's customers, straight into Intelligence, whose own process then thinks about them. */
async function sell({ urls }: LiveWorld, tenantId: string, batches: ReturnType<typeof orderBatches>): Promise<void> {
  const database = await openIntelligenceDatabase({ url: urls.intelligence })
  const viewer = { kind: 'service', service: 'intelligence', tenantId } as const
  try {
    for (const orders of batches)
      await database.transact(tenantId, (tx) => ingestOrders(tx, viewer, { source: 'e2e', orders }, new Date()))
  } finally {
    await database.close()
  }
}

async function readKnown(client: Client, { members }: LiveWorld): Promise<Known> {
  const lead = members.find(({ scope }) => scope === 'lead')
  const query = '{ inbox(first: 100) { nodes { id } } }'
  const { data } = await client(lead?.token ?? '', { query, variables: {} })
  return { ticketIds: (data as { inbox: { nodes: { id: string }[] } }).inbox.nodes.map(({ id }) => id) }
}

type Driving = { world: LiveWorld; client: Client; known: Known; perMinute: number; seconds: number }
let serial = 0

/** Sends at a rate, whatever the answers do: who waits for a late answer is counted as waiting from when it was due. */
async function drive({ world, client, known, perMinute, seconds }: Driving) {
  const { pid } = world.services.gateway
  // Whoever may see and change all tickets: a request that is refused would say nothing of the graph.
  const tokens = world.members.filter(({ scope }) => scope !== 'agent').map(({ token }) => token)
  const random = createRandom(perMinute)
  const samples: Sample[] = []
  const waiting = new Set<Promise<void>>()
  const [began, cpu] = [performance.now(), cpuMicrosOf(pid)]
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
    gatewayCpuMs: Number(((cpuMicrosOf(pid) - cpu) / 1_000 / samples.length).toFixed(2)),
  }
}
