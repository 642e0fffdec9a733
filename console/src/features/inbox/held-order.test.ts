import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHeldOrder, type HeldOrder, type Move } from './held-order.ts'
import { byPlace, createOrder, type Place } from './order.ts'

const ids = Array.from({ length: 12 }, (_, index) => String.fromCharCode(97 + index))
// Few keys: equal ones, and ties by id, come often.
const key = fc.integer({ min: 0, max: 6 })
const place = fc
  .record({ id: fc.constantFrom(...ids), key })
  .map(({ id, key }): Place => ({ id, number: ids.indexOf(id) + 1, key }))
const move = fc.oneof(
  { weight: 3, arbitrary: place.map((one): Move => ({ id: one.id, place: one })) },
  { weight: 1, arbitrary: fc.constantFrom(...ids).map((id): Move => ({ id, place: null })) },
)
const moves = fc.array(move, { maxLength: 40 })
const places = fc.uniqueArray(place, { selector: ({ id }) => id })

const shown = (order: HeldOrder): string[] =>
  Array.from({ length: order.length }, (_, index) => order.at(index)?.id ?? '?')

/** The server's state after the same moves, sorted. */
function sorted(start: readonly Place[], happened: readonly Move[]): string[] {
  const state = new Map(start.map((one) => [one.id, one]))
  for (const { id, place } of happened) {
    if (place) state.set(id, place)
    else state.delete(id)
  }
  return [...state.values()].sort(byPlace).map(({ id }) => id)
}

function orderOf(start: readonly Place[]): HeldOrder {
  const order = createHeldOrder()
  order.restart(start, null)
  return order
}

describe('an order', () => {
  it('is after any changes what sorting gives, and knows where each stands', () => {
    fc.assert(
      fc.property(places, moves, (start, happened) => {
        const order = createOrder()
        order.replace(start)
        for (const { id, place } of happened) place ? order.put(place) : order.remove(id)
        const all = order.all().map(({ id }) => id)
        expect(all).toEqual(sorted(start, happened))
        expect(all.map((id) => order.indexOf(id))).toEqual(all.map((_, index) => index))
      }),
    )
  })

  it('tells whether a ticket came to stand elsewhere', () => {
    const order = createOrder()
    order.replace([
      { id: 'a', number: 1, key: 3 },
      { id: 'b', number: 2, key: 2 },
    ])
    expect(order.put({ id: 'a', number: 1, key: 2.5 })).toBe(false)
    expect(order.put({ id: 'a', number: 1, key: 1 })).toBe(true)
    expect(order.remove('c')).toBe(false)
  })
})

describe('what is shown', () => {
  it('is the server’s order as long as nothing holds it', () => {
    fc.assert(
      fc.property(places, moves, (start, happened) => {
        const order = orderOf(start)
        order.move(happened)
        expect(shown(order)).toEqual(sorted(start, happened))
        expect(order.waiting).toBe(0)
      }),
    )
  })

  it('stands still while held, and is then what it had been if applied at once', () => {
    fc.assert(
      fc.property(places, moves, moves, fc.boolean(), (start, before, during, byBar) => {
        const order = orderOf(start)
        order.move(before)
        order.hold(true)
        const still = shown(order)
        order.move(during)
        expect(shown(order)).toEqual(still)
        expect(still.map((id) => order.indexOf(id))).toEqual(still.map((_, index) => index))
        if (order.waiting === 0) expect(sorted(start, [...before, ...during])).toEqual(still)
        if (byBar) order.apply()
        else order.hold(false)
        expect(shown(order)).toEqual(sorted(start, [...before, ...during]))
        expect(order.waiting).toBe(0)
      }),
    )
  })

  it('keeps the open ticket where it is, and all others in the server’s order', () => {
    fc.assert(
      fc.property(places, moves, fc.nat(11), fc.boolean(), (start, happened, at, isHeld) => {
        const order = orderOf(start)
        const open = order.at(at)
        order.pin(open?.id ?? null)
        order.hold(isHeld)
        order.move(happened)
        order.hold(false)
        const now = shown(order)
        expect(now.map((id) => order.indexOf(id))).toEqual(now.map((_, index) => index))
        if (open) expect(now[Math.min(at, now.length - 1)]).toBe(open.id)
        expect(now.filter((id) => id !== open?.id)).toEqual(sorted(start, happened).filter((id) => id !== open?.id))
        order.pin(null)
        expect(shown(order)).toEqual(sorted(start, happened))
      }),
    )
  })

  it('never moves by opening another ticket while it is held', () => {
    fc.assert(
      fc.property(places, moves, fc.nat(11), fc.nat(11), (start, happened, first, second) => {
        const order = orderOf(start)
        order.pin(order.at(first)?.id ?? null)
        order.move(happened)
        order.hold(true)
        const still = shown(order)
        order.pin(order.at(second)?.id ?? null)
        expect(shown(order)).toEqual(still)
      }),
    )
  })
})

describe('a list that is read page by page', () => {
  it('holds what stands above the end of the last page, whatever happens in between', () => {
    fc.assert(
      fc.property(places, moves, fc.integer({ min: 1, max: 5 }), fc.boolean(), (start, happened, size, isHeld) => {
        const all = start.toSorted(byPlace)
        const order = createHeldOrder()
        const horizon = all.length > size ? (all[size - 1] ?? null) : null
        order.restart(all.slice(0, size), horizon)
        order.hold(isHeld)
        order.move(happened)
        const state = sortedPlaces(start, happened)
        // The next page is read of the state then, from the horizon on.
        const rest = horizon ? state.filter((one) => byPlace(one, horizon) > 0) : []
        const [page, next] = [rest.slice(0, size), rest.length > size ? (rest[size - 1] ?? null) : null]
        if (horizon) order.extend(page, next)
        order.hold(false)
        const expected = next ? state.filter((one) => byPlace(one, next) <= 0) : state
        expect(shown(order)).toEqual(expected.map(({ id }) => id))
      }),
    )
  })

  it('grows at its end while it is held', () => {
    const order = createHeldOrder()
    const [a, b, c] = [3, 2, 1].map((key, index) => ({ id: ids[index] ?? '', number: index + 1, key }))
    if (!a || !b || !c) throw new Error('there are three')
    order.restart([a, b], b)
    order.hold(true)
    order.move([{ id: 'b', place: { ...b, key: 9 } }])
    order.extend([c], null)
    expect(shown(order)).toEqual(['a', 'b', 'c'])
    expect(order.waiting).toBe(1)
    order.apply()
    expect(shown(order)).toEqual(['b', 'a', 'c'])
  })

  it('counts what came and went unseen as nothing', () => {
    const order = orderOf([])
    order.hold(true)
    order.move([{ id: 'a', place: { id: 'a', number: 1, key: 1 } }])
    expect(order.waiting).toBe(1)
    order.move([{ id: 'a', place: null }])
    expect(order.waiting).toBe(0)
  })
})

function sortedPlaces(start: readonly Place[], happened: readonly Move[]): Place[] {
  const state = new Map(start.map((one) => [one.id, one]))
  for (const { id, place } of happened) {
    if (place) state.set(id, place)
    else state.delete(id)
  }
  return [...state.values()].sort(byPlace)
}
