// A hundred live clients while their gateway, its subgraph, Redis, PostgreSQL and their own connections are killed.
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { agentsFor, runChaos } from './lib/live-chaos.ts'
import { openLiveWorld } from './lib/live-world.ts'

/** `availability`: of queries through the gateway, of which there is one; `naiveLost`: by clients that come again without a cursor, in the same run. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const clients = quick ? 12 : 100
  const seed = Date.now() % 100_000
  log(`${clients} clients, seed ${seed}`)
  const world = await openLiveWorld({ agents: agentsFor(clients + 10), durable: true })
  try {
    const figures = await runChaos(world, {
      seconds: quick ? 20 : (seconds ?? 540),
      clients,
      naive: quick ? 3 : 10,
      eventsPerSecond: quick ? 10 : 50,
      quietMs: 4_000,
      seed,
      log,
    })
    const { events, kills, availability, lost, duplicates, outOfOrder, naiveLost } = figures
    return {
      table: {
        columns: ['client', 'events', 'kills', 'availability', 'lost', 'duplicates', 'out of order'],
        rows: [
          ['resuming by cursor', events, kills, availability, lost, duplicates, outOfOrder],
          ['subscribing anew', events, kills, availability, naiveLost, 0, 0],
        ],
      },
      figures,
    }
  } finally {
    await world.close()
  }
}
