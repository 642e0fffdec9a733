import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPace } from './pace.ts'

/** A server's bucket of points and of requests: refuses what is not there. */
function server(now: () => number, capacity: number, perSecond: number, requests: number) {
  let [points, left, at] = [capacity, requests, 0]
  const fill = () => {
    const past = now() - at
    points = Math.min(capacity, points + (past * perSecond) / 1_000)
    left = Math.min(requests, left + (past * requests) / 60_000)
    at = now()
  }
  return {
    take(cost: number): boolean {
      fill()
      if (left < 1 || points < cost) return false
      left -= 1
      points -= cost
      return true
    },
    told(cost: number) {
      fill()
      const currentlyAvailable = Math.floor(points)
      const throttleStatus = { maximumAvailable: capacity, currentlyAvailable, restoreRate: perSecond }
      return { cost: { requestedQueryCost: cost, throttleStatus }, limit: requests, remaining: Math.floor(left) }
    },
  }
}

it('sends nothing that would be refused, whatever documents come and however long answers take', () => {
  const step = fc.record({
    document: fc.integer({ min: 0, max: 3 }),
    flight: fc.integer({ min: 0, max: 5_000 }),
    idle: fc.integer({ min: 0, max: 2_000 }),
  })
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 400 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 2, max: 30 }),
      fc.array(step, { minLength: 5, maxLength: 60 }),
      (capacity, perSecond, requests, steps) => {
        let now = 0
        const door = server(() => now, capacity, perSecond, requests)
        const pace = createPace({ now: () => now })
        const known = new Set<number>()
        const flying: { at: number; cost: number; over: (told: ReturnType<typeof door.told>) => void }[] = []
        const land = () => {
          for (const one of flying.filter(({ at }) => at <= now)) {
            flying.splice(flying.indexOf(one), 1)
            one.over(door.told(one.cost))
          }
        }
        for (const { document, flight, idle } of steps) {
          now += idle
          land()
          const name = String(document)
          for (let turns = 0, waitMs = pace.waitMs(name); waitMs > 0; waitMs = pace.waitMs(name)) {
            expect((turns += 1)).toBeLessThan(1_000)
            now += waitMs
            land()
          }
          const cost = 10 + document * 20
          const isTaken = door.take(cost)
          // What costs how much is learnt from the first answer, alone.
          if (known.has(document)) expect(isTaken).toBe(true)
          const over = pace.send(name)
          if (known.has(document) && known.size > 3) flying.push({ at: now + flight, cost, over })
          else {
            known.add(document)
            over(door.told(cost))
          }
        }
      },
    ),
    { numRuns: 300 },
  )
})

it('waits for a full bucket, no longer, where a document costs more than fits', () => {
  const pace = createPace({ now: () => 0 })
  const throttleStatus = { maximumAvailable: 100, currentlyAvailable: 50, restoreRate: 10 }
  pace.send('q')({ cost: { requestedQueryCost: 500, throttleStatus } })
  expect(pace.waitMs('q')).toBe(5_000)
})
