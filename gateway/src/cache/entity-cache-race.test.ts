import { createMemoryBus, type Bus } from '@quimbi/events/bus.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keeping, source, valuesOf } from './cache.test-kit.ts'

describe('a bus that is lost', () => {
  function losable() {
    const bus = createMemoryBus()
    const lost = new Set<() => void>()
    const onLost: NonNullable<Bus['onLost']> = (listener) => {
      lost.add(listener)
      return () => void lost.delete(listener)
    }
    return {
      bus: { ...bus, onLost },
      lose: () => lost.forEach((listener) => listener()),
      find: () => bus.publish('insight:revised', ''),
    }
  }

  it('empties the cache, which stays out of the way until it is heard again', async () => {
    const { bus, lose, find } = losable()
    const { call, asked } = source()
    const kept = keeping(call, { bus })
    const ask = () => kept.get(['a'])
    await ask()
    await ask()
    expect(asked).toHaveLength(2)
    await find()
    await ask()
    await ask()
    expect(asked).toHaveLength(3)
    lose()
    await ask()
    await ask()
    expect(asked).toHaveLength(5)
    await find()
    await ask()
    await ask()
    expect(asked).toHaveLength(6)
    expect(await kept.registry.metrics()).toContain('quimbi_entity_cache_lookups_total{outcome="bypassed"} 4')
  })

  it('keeps nothing of what was asked for meanwhile', async () => {
    const { bus, lose, find } = losable()
    const { call, asked } = source()
    const answered = Promise.withResolvers<void>()
    const kept = keeping(
      async (...question) => {
        const result = await call(...question)
        await answered.promise
        return result
      },
      { bus },
    )
    await find()
    const first = kept.get(['a'])
    await expect.poll(() => asked.length).toBe(1)
    lose()
    await find()
    answered.resolve()
    await first
    await kept.get(['a'])
    expect(asked).toHaveLength(2)
  })
})

describe('whatever comes in whatever order', () => {
  it('never reads what was true before a revision that had been heard', async () => {
    const ids = ['a', 'b', 'c']
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ read: fc.subarray(ids, { minLength: 1 }) }) },
      { weight: 2, arbitrary: fc.record({ write: fc.constantFrom(...ids), whole: fc.boolean() }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 25 }), async (scheduler, steps) => {
        const { call, values } = source()
        // An answer is of the moment when the subgraph reads, and may take any time to arrive.
        const slow = scheduler.scheduleFunction(async () => {})
        const kept = keeping(async (...question) => {
          await slow()
          const result = await call(...question)
          await slow()
          return result
        })
        const heard = new Map<string, number>()
        const work = steps.map(async (one) => {
          await scheduler.schedule(Promise.resolve())
          if ('write' in one) {
            const value = (values.get(one.write) ?? 0) + 1
            values.set(one.write, value)
            await scheduler.schedule(Promise.resolve())
            await kept.revise('t', one.whole ? null : [one.write])
            heard.set(one.write, Math.max(value, heard.get(one.write) ?? 0))
            return
          }
          const known = one.read.map((id) => heard.get(id) ?? 0)
          const read = valuesOf(await kept.get(one.read))
          for (const [n, value] of read.entries()) expect(value).toBeGreaterThanOrEqual(known[n]!)
        })
        await scheduler.waitFor(Promise.all(work))
      }),
      { numRuns: 100 },
    )
  })
})
