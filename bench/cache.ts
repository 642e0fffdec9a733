// Pages of the inbox with insight, while orders arrive: how much of it the gateway's cache answers, whether any of it is old, and what it saves.
import { setTimeout as delay } from 'node:timers/promises'
import { openCacheWorld, pageQuery, pageSize, type Ask, type Page } from './lib/cache-world.ts'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { cpuMicros } from './lib/cpu.ts'
import { openBenchDatabase } from './lib/database.ts'
import { quantile } from './lib/quantile.ts'

const readers = 4
const ordersPerSecond = 5
type Round = { requests: number; cpuMicros: number; waits: number[]; staleReads: number }

/** `hitRate` of the customers asked for; `staleReads` that lacked an order which had been acknowledged before; CPU with PostgreSQL's. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const databases = [await openBenchDatabase('support', { durable: false })]
  try {
    databases.push(await openBenchDatabase('intelligence', { durable: false }))
    const [support, intelligence] = databases.map(({ url }) => url)
    return await measure(support ?? '', intelligence ?? '', { seconds: seconds ?? 60, rounds: quick ? 1 : 3, log })
  } finally {
    for (const database of databases) await database.close()
  }
}

type Means = { seconds: number; rounds: number; log: BenchOptions['log'] }

async function measure(supportUrl: string, intelligenceUrl: string, { seconds, rounds, log }: Means) {
  const graph = await openCacheWorld(supportUrl, intelligenceUrl)
  try {
    const { kept, plain } = graph
    const ids = await graph.customers()
    log(`${ids.length} customers in the inbox; ${ordersPerSecond} orders a second, ${readers} readers`)
    const shop = openShop(graph.order, ids)
    // What filled it is no part of what a working day asks.
    const before = await graph.lookups()
    const each = (seconds * 1000) / (2 * rounds)
    const found: Record<'kept' | 'plain', Round[]> = { kept: [], plain: [] }
    try {
      for (let n = 0; n < rounds; n++) {
        found.kept.push(await read(kept, shop.acknowledged, each))
        found.plain.push(await read(plain, shop.acknowledged, each))
      }
    } finally {
      await shop.close()
    }
    const after = await graph.lookups()
    const [hits, lookups] = [after.hits - before.hits, after.lookups - before.lookups]
    const [withCache, without] = [together(found.kept), together(found.plain)]
    const row = (name: string, { requests, cpuMs, p95Ms, staleReads }: ReturnType<typeof together>) => [
      ...[name, requests, cpuMs, p95Ms, staleReads],
    ]
    return {
      table: {
        columns: [`inbox of ${pageSize} with insight`, 'requests', 'CPU ms each', 'p95 ms', 'stale'],
        rows: [row('with the cache', withCache), row('without', without)],
      },
      figures: {
        customers: ids.length,
        orders: shop.count(),
        hitRate: Number((hits / lookups).toFixed(4)),
        staleReads: withCache.staleReads,
        cpuMsPerRequest: withCache.cpuMs,
        cpuMsWithout: without.cpuMs,
        p95Ms: withCache.p95Ms,
        p95WithoutMs: without.p95Ms,
      },
    }
  } finally {
    await graph.close()
  }
}

function together(rounds: readonly Round[]) {
  const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0)
  const requests = sum((round) => round.requests)
  return {
    requests,
    cpuMs: Number((sum((round) => round.cpuMicros) / 1000 / requests).toFixed(2)),
    p95Ms: quantile(
      rounds.flatMap(({ waits }) => waits),
      0.95,
    ),
    staleReads: sum((round) => round.staleReads),
  }
}

/** Readers that go through the inbox, page after page, and begin again. */
async function read(ask: Ask, acknowledged: ReadonlyMap<string, number>, milliseconds: number): Promise<Round> {
  const round: Round = { requests: 0, cpuMicros: 0, waits: [], staleReads: 0 }
  const cpuBefore = cpuMicros()
  const until = performance.now() + milliseconds
  const reader = async () => {
    let after: string | null = null
    while (performance.now() < until) {
      const began = performance.now()
      const before = new Map(acknowledged)
      const { inbox }: Page = await ask<Page>(pageQuery, { after })
      round.waits.push(performance.now() - began)
      round.requests += 1
      for (const { customer } of inbox.nodes)
        if (customer.behavior.totalOrders < (before.get(customer.id) ?? 0)) round.staleReads += 1
      after = inbox.pageInfo.hasNextPage ? inbox.pageInfo.endCursor : null
    }
  }
  await Promise.all(Array.from({ length: readers }, reader))
  return { ...round, cpuMicros: cpuMicros() - cpuBefore }
}

/** A shop that sells: an order is acknowledged once its mutation has been answered. */
function openShop(order: (customerId: string, externalId: string) => Promise<void>, ids: readonly [string, number][]) {
  const acknowledged = new Map(ids)
  let sold = 0
  let isOpen = true
  const selling = (async () => {
    while (isOpen) {
      const [id] = ids[(sold * 37) % ids.length] ?? ['']
      sold += 1
      await order(id, `bench-${sold}`)
      acknowledged.set(id, (acknowledged.get(id) ?? 0) + 1)
      await delay(1000 / ordersPerSecond)
    }
  })()
  selling.catch(() => {}) // told when it closes
  return {
    acknowledged,
    count: () => sold,
    async close() {
      isOpen = false
      await selling
    },
  }
}
