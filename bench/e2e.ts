// The whole graph at work: gateway, Support and Intelligence as processes, PostgreSQL and Redis; a thousand agents of twenty businesses, connected and live.
import { setTimeout as delay } from 'node:timers/promises'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { ingestOrders } from '@quimbi/intelligence/orders/ingest.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { Pool } from 'undici'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { clientOf, drive, type Client } from './lib/e2e-drive.ts'
import { orderBatches, requestNames, type Known } from './lib/e2e-work.ts'
import { cpuMicrosOf } from './lib/live-processes.ts'
import { openLiveWorld, type LiveWorld } from './lib/live-world.ts'
import { quantile } from './lib/quantile.ts'
import { startSubscribers } from './lib/subscribers.ts'

const asked = 10_000
const longest = 200
/** Requests a minute that are tried, one after the other, until one is not held. */
const ladder = [
  1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 10_000, 12_500, 15_000, 20_000, 25_000, 30_000, 40_000,
]

/** `p95Ms` at 10,000 requests a minute, from when each was due; `requestsPerMinute` that was kept up; `mostRequestsPerMinute` with a p95 under 200 ms and no error. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const agents = quick ? 30 : 1_000
  const customers = quick ? 20 : 200
  const businesses = quick ? 2 : 20
  const world = await openLiveWorld({ agents, businesses, durable: true })
  const pool = new Pool(world.services.gateway.url, { connections: 128 })
  const subscribers = await startSubscribers(world.services.gateway.url)
  try {
    log(`${agents} agents of ${businesses} businesses, each with ${customers} customers with orders`)
    const client = clientOf(pool)
    const random = createRandom(1)
    for (const tenantId of world.tenantIds) await sell(world, tenantId, orderBatches(customers, random, Date.now()))
    await subscribers.ask({ ask: 'open', members: [...world.members] })
    const known = await readKnown(client, world)
    const load = (perMinute: number, forSeconds: number) =>
      drive({ world, client, known, agentsPid: subscribers.pid, perMinute, seconds: forSeconds })
    if (!quick) await settled(world)
    log('warming up')
    await load(asked / 2, quick ? 2 : 10)
    const whole = seconds ?? 300
    let most = 0
    for (const rate of quick ? [] : ladder) {
      const tried = await load(rate, whole / 20)
      log(
        `${rate.toLocaleString('en')} a minute: p95 ${tried.p95Ms} ms, ${tried.errors} errors, ${tried.cpuMs['total']} ms of CPU each`,
      )
      if (!held(tried)) break
      most = tried.perMinute
    }
    const measured = await load(asked, quick ? 3 : whole / 6)
    for (const [problem, { length }] of measured.problems) if (problem) log(`${length} × ${problem}`)
    const { deliveries } = await subscribers.ask({ ask: 'told' })
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
        gatewayCpuMs: measured.cpuMs['gateway'] ?? 0,
        cpuMs: measured.cpuMs,
        deliveries,
      },
    }
  } finally {
    subscribers.leave()
    await pool.destroy()
    await world.close()
  }
}

const held = ({ p95Ms, errors }: Awaited<ReturnType<typeof drive>>): boolean => p95Ms < longest && errors === 0

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

/** What Intelligence thinks of so many new customers at once belongs to the preparation: waits until that is over, or for two minutes. */
async function settled({ services: { intelligence, support } }: LiveWorld): Promise<void> {
  const spent = () => cpuMicrosOf(intelligence.pid) + cpuMicrosOf(support.pid)
  let [last, quiet] = [spent(), 0]
  for (let seconds = 0; seconds < 120 && quiet < 3; seconds += 1) {
    await delay(1_000)
    const now = spent()
    quiet = now - last < 100_000 ? quiet + 1 : 0
    last = now
  }
}

async function readKnown(client: Client, { members }: LiveWorld): Promise<Known> {
  const lead = members.find(({ scope }) => scope === 'lead')
  const query = '{ inbox(first: 100) { nodes { id } } }'
  const { text } = await client(lead?.token ?? '', { query, variables: {} })
  const { data } = JSON.parse(text) as { data: { inbox: { nodes: { id: string }[] } } }
  return { ticketIds: data.inbox.nodes.map(({ id }) => id) }
}
