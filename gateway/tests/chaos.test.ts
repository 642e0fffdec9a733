import { redisAvailable } from '@quimbi/testing/redis.ts'
import { available } from '@quimbi/testing/availability.ts'
import { describe, expect, it } from 'vitest'
import { agentsFor, disasters, runChaos } from '../../bench/lib/live-chaos.ts'
import { openLiveWorld } from '../../bench/lib/live-world.ts'

describe.skipIf(!available('redis-server', redisAvailable()))('a short time of chaos', () => {
  it(
    'loses nothing, tells nothing twice and keeps the order, for clients that resume',
    { timeout: 280_000 },
    async () => {
      const [clients, naive] = [9, 3]
      const world = await openLiveWorld({ agents: agentsFor(clients + naive), durable: true })
      try {
        const figures = await runChaos(world, {
          seconds: 10,
          clients,
          naive,
          eventsPerSecond: 10,
          quietMs: 1_000,
          seed: 7,
          log: () => {},
        })
        expect(figures).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, resyncs: 0 })
        expect(figures.events).toBeGreaterThan(50)
        expect(figures.kills).toBeGreaterThanOrEqual(disasters.length)
        expect(figures.naiveLost).toBeGreaterThan(0)
      } finally {
        await world.close()
      }
    },
  )
})
