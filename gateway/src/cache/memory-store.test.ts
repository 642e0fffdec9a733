import { fixedClock } from '@quimbi/service/clock.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryStore } from './memory-store.ts'

const clock = fixedClock('2026-11-21T12:00:00.000Z')
const at = (tenantId: string, id: string, selection = 's') => ({ tenantId, id, key: `${tenantId} ${id} ${selection}` })

describe('what is kept in memory', () => {
  it('is there until its time is over', () => {
    const store = createMemoryStore({ maxBytes: 1e6, clock })
    const place = at('t', 'a')
    store.put(place, '{}', 1_000)
    clock.advance(999)
    expect(store.get(place.key)).toBe('{}')
    clock.advance(1)
    expect(store.get(place.key)).toBeUndefined()
    expect(store.bytes).toBe(0)
  })

  it('is forgotten by customer, by tenant and altogether', () => {
    const store = createMemoryStore({ maxBytes: 1e6, clock })
    const places = [at('t', 'a', '1'), at('t', 'a', '2'), at('t', 'b'), at('u', 'a')]
    const put = () => places.forEach((place) => store.put(place, place.key, 1_000))
    const there = () => places.map(({ key }) => store.get(key) !== undefined)
    put()
    store.forget('t', ['a', 'nobody'])
    expect(there()).toEqual([false, false, true, true])
    put()
    store.forget('t', null)
    expect(there()).toEqual([false, false, false, true])
    store.clear()
    expect(there()).toEqual([false, false, false, false])
    expect(store.bytes).toBe(0)
  })

  it('never takes more than it may, and what was used longest ago goes first', () => {
    const store = createMemoryStore({ maxBytes: 64_000, clock })
    const places = Array.from({ length: 100 }, (_, n) => at('t', String(n)))
    for (const place of places) {
      store.put(place, 'x'.repeat(400), 1_000)
      store.get(places[0]!.key)
      expect(store.bytes).toBeLessThanOrEqual(64_000)
    }
    expect(store.get(places[0]!.key)).toBeDefined()
    expect(store.get(places[1]!.key)).toBeUndefined()
    expect(store.get(places[99]!.key)).toBeDefined()
    store.put(at('t', 'huge'), 'x'.repeat(2_000), 1_000)
    expect(store.get(at('t', 'huge').key)).toBeUndefined()
  })

  it('counts its bytes exactly, whatever is done to it', () => {
    const id = fc.constantFrom('a', 'b', 'c')
    const step = fc.oneof(
      fc.record({ put: id, size: fc.nat(900) }),
      fc.record({ forget: fc.option(id) }),
      fc.record({ get: id }),
      fc.record({ wait: fc.nat(600) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = createMemoryStore({ maxBytes: 100_000, clock })
        for (const one of steps) {
          if ('put' in one) store.put(at('t', one.put), 'x'.repeat(one.size), 1_000)
          else if ('forget' in one) store.forget('t', one.forget === null ? null : [one.forget])
          else if ('get' in one) store.get(at('t', one.get).key)
          else clock.advance(one.wait)
        }
        store.forget('t', null)
        expect(store.bytes).toBe(0)
      }),
    )
  })
})
