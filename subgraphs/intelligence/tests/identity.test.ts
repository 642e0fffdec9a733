import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import { parseEvent, type EventOf } from '@quimbi/events/topics.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { recordIdentities } from '../src/customers/identity.ts'
import { meetCustomers } from '../src/customers/meet.ts'
import type { Db } from '../src/database.ts'
import { ingestOrders } from '../src/orders/ingest.ts'
import type { CustomerOrder } from '../src/orders/types.ts'
import { anOrder, contents, openWorld, ownersOf, saved, service, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const orderOf = (externalId: string, customer: CustomerOrder['customer']) => anOrder({ externalId, customer })
const byRef = (externalId: string) => ({ externalId })
const asEvent = (event: ReturnType<typeof saved>) =>
  parseEvent({ eventId: newId(), ...event }) as EventOf<'customer.saved'>

/** A transaction that has done its work and waits to commit until `commit` is called. */
function held<T>(begin: (run: (tx: Db) => Promise<T>) => Promise<T>, work: (tx: Db) => Promise<T>) {
  const [worked, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const done = begin(async (tx) => {
    const result = await work(tx)
    worked.resolve()
    await commit.promise
    return result
  })
  done.catch(worked.reject)
  onTestFinished(() => commit.resolve())
  return { worked: worked.promise, commit: () => commit.resolve(), done }
}

const heldIngest = (tenantId: string, orders: CustomerOrder[]) =>
  held(
    (run) => world.database.transact(tenantId, run),
    (tx) => ingestOrders(tx, service(tenantId), { source: 'shop', orders }, world.clock.now()),
  )

const heldIdentities = (...events: EventOf<'customer.saved'>[]) =>
  held<void>(
    (run) => world.database.system.$transaction(run, { timeout: 30_000 }),
    (tx) => recordIdentities(tx, events, world.clock.now()),
  )

/** Until so many statements wait for another transaction. */
const someoneWaits = (count = 1) =>
  vi.waitFor(async () => {
    const waiting = await world.rows(
      `SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE datname = current_database() AND NOT granted`,
    )
    expect(waiting).toHaveLength(count)
  })

describe('a customer that was met by a reference', () => {
  it('becomes the one that Support says, with all orders and other references', async () => {
    const [tenantId, id] = [newId(), newId()]
    await world.ingest(tenantId, [orderOf('O-1', byRef('X')), orderOf('O-2', byRef('X')), orderOf('O-3', byRef('Z'))])
    await world.ingest(tenantId, [orderOf('O-1', byRef('X'))], { source: 'till' })
    const before = await contents(world, tenantId)
    await world.hear(saved(tenantId, id, 'X', 'Y'))
    const other = customerIdOf(tenantId, 'shop', 'Z')
    const till = customerIdOf(tenantId, 'till', 'X')
    const { orders, customers } = await ownersOf(world, tenantId)
    expect(orders).toEqual({ 'O-1': expect.any(String), 'O-2': id, 'O-3': other })
    expect(customers).toEqual([id, other, till].toSorted())
    const after = await contents(world, tenantId)
    for (const table of ['order_item', 'shipment']) expect(after[table]).toEqual(before[table])
    expect(after['customer_order']).toHaveLength(4)

    await world.hear(saved(tenantId, id, 'X', 'Y'))
    expect(await contents(world, tenantId)).toEqual(after)
    // The order is the same order still, and a new one finds its customer.
    expect(await world.ingest(tenantId, [orderOf('O-4', byRef('Y'))])).toMatchObject({ accepted: 1 })
    expect((await ownersOf(world, tenantId)).orders['O-4']).toBe(id)
  })

  it('keeps its id when Support has derived the same', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [orderOf('O-1', byRef('X'))])
    const before = await contents(world, tenantId)
    await world.hear(saved(tenantId, customerIdOf(tenantId, 'shop', 'X'), 'X'))
    expect(await contents(world, tenantId)).toEqual(before)
  })

  it('follows Support’s last word of several heard at once', async () => {
    const [tenantId, first, last] = [newId(), newId(), newId()]
    await world.ingest(tenantId, [orderOf('O-1', byRef('X'))])
    await world.hear(saved(tenantId, first, 'X'), saved(tenantId, last, 'X'))
    expect((await ownersOf(world, tenantId)).orders).toEqual({ 'O-1': last })
  })

  it('moves within its tenant alone', async () => {
    const [ours, theirs, id] = [newId(), newId(), newId()]
    for (const tenantId of [ours, theirs]) await world.ingest(tenantId, [orderOf('O-1', byRef('X'))])
    await world.hear(saved(ours, id, 'X'))
    expect((await ownersOf(world, ours)).orders).toEqual({ 'O-1': id })
    expect((await ownersOf(world, theirs)).orders).toEqual({ 'O-1': customerIdOf(theirs, 'shop', 'X') })
  })
})

describe('Support’s word while orders are coming in', () => {
  const settled = { 'O-1': expect.any(String), 'O-2': expect.any(String) }

  for (const known of [false, true]) {
    const which = known ? 'known' : 'new'
    const begin = async () => {
      const [tenantId, id] = [newId(), newId()]
      await world.ingest(tenantId, [orderOf('O-1', known ? byRef('X') : byRef('other'))])
      const expected = { ...settled, ...(known && { 'O-1': id }), 'O-2': id }
      return { tenantId, id, orders: [orderOf('O-2', byRef('X'))], expected }
    }

    it(`waits for orders under a ${which} reference, and takes them along`, async () => {
      const { tenantId, id, orders, expected } = await begin()
      const ingest = heldIngest(tenantId, orders)
      await ingest.worked
      const heard = world.hear(saved(tenantId, id, 'X'))
      await someoneWaits()
      ingest.commit()
      await Promise.all([ingest.done, heard])
      const owners = await ownersOf(world, tenantId)
      expect(owners.orders).toEqual(expected)
      expect(owners.customers).toEqual([...new Set(Object.values(owners.orders))].toSorted())
    })

    it(`is found by orders under a ${which} reference that come meanwhile`, async () => {
      const { tenantId, id, orders, expected } = await begin()
      const identities = heldIdentities(asEvent(saved(tenantId, id, 'X')))
      await identities.worked
      const ingested = world.ingest(tenantId, orders)
      await someoneWaits()
      identities.commit()
      await identities.done
      expect(await ingested).toMatchObject({ accepted: 1 })
      const owners = await ownersOf(world, tenantId)
      expect(owners.orders).toEqual(expected)
      expect(owners.customers).toEqual([...new Set(Object.values(owners.orders))].toSorted())
    })
  }

  it('reaches a changed order of the customer that moves', async () => {
    const [tenantId, id] = [newId(), newId()]
    await world.ingest(tenantId, [orderOf('O-1', byRef('X'))])
    const identities = heldIdentities(asEvent(saved(tenantId, id, 'X')))
    await identities.worked
    const changed = anOrder({ externalId: 'O-1', customer: byRef('X'), total: '1' })
    const ingested = world.ingest(tenantId, [changed])
    await someoneWaits()
    identities.commit()
    await identities.done
    expect(await ingested).toMatchObject({ updated: 1 })
    expect((await ownersOf(world, tenantId)).orders).toEqual({ 'O-1': id })
  })

  it('waits for whoever a batch has met, before any of their facts is touched', async () => {
    const [tenantId, id] = [newId(), newId()]
    await world.ingest(tenantId, [orderOf('O-1', byRef('X'))])
    const place = { tenantId, source: 'shop', now: world.clock.now() }
    const batch = held(
      (run) => world.database.transact(tenantId, run),
      (tx) => meetCustomers(tx, place, [{ id: null, externalId: 'X' }]),
    )
    await batch.worked
    const heard = world.hear(saved(tenantId, id, 'X'))
    await someoneWaits()
    batch.commit()
    await Promise.all([batch.done, heard])
    expect((await ownersOf(world, tenantId)).customers).toEqual([id])
  })

  it('does not meet a batch of the same customers in a circle', async () => {
    const [tenantId, a, b, c] = [newId(), newId(), newId(), newId()]
    await world.ingest(tenantId, [orderOf('O-1', byRef('other'))])
    const holder = heldIngest(tenantId, [orderOf('O-2', { id: b })])
    await holder.worked
    let attempts = 0
    const orders = [c, b, a].map((id) => orderOf(`of ${id}`, { id }))
    const ingested = world.database.transact(tenantId, (tx) => {
      attempts += 1
      return ingestOrders(tx, service(tenantId), { source: 'shop', orders }, world.clock.now())
    })
    await someoneWaits(1) // the batch has added a, and waits for b
    const heard = world.hear(saved(tenantId, c, 'C'), saved(tenantId, a, 'A'))
    await someoneWaits(2) // must not have added c
    holder.commit()
    await Promise.all([holder.done, ingested, heard])
    expect(attempts).toBe(1)
  })
})

describe('whatever comes first', () => {
  /** What happens, each naming one of four references; a customer of Support has one or two of them. */
  const references = ['A', 'B', 'C', 'D'] as const
  const grouping = fc.constantFrom(['A', 'B', 'C', 'D'], ['AB', 'C', 'D'], ['AB', 'CD'], ['AC', 'D', 'B'])
  const step = fc.oneof(
    fc.record({ kind: fc.constant('order' as const), at: fc.nat(3) }),
    fc.record({ kind: fc.constant('order by id' as const), at: fc.nat(3) }),
    fc.record({ kind: fc.constant('saved' as const), at: fc.nat(3) }),
    fc.record({ kind: fc.constant('saved in part' as const), at: fc.nat(3) }),
  )

  for (const pace of ['one after the other', 'at once'] as const) {
    it(`the same orders end with the same customers (${pace})`, async () => {
      await fc.assert(
        fc.asyncProperty(
          grouping,
          fc.boolean(),
          fc.array(step, { minLength: 4, maxLength: 10 }),
          async (groups, derived, steps) => {
            const tenantId = newId()
            // Support derives an id as we do, unless it had the customer under another reference before.
            const customers = groups.map((refs) => ({
              refs: [...refs],
              id: derived ? customerIdOf(tenantId, 'shop', refs.slice(-1)) : newId(),
            }))
            const customerOf = (reference: string) =>
              customers.find(({ refs }) => refs.includes(reference)) ?? { refs: [], id: '' }
            const expected: Record<string, string> = {}
            const run = ({ kind, at }: { kind: string; at: number }, index: number) => {
              const reference = references[at] ?? 'A'
              const { refs, id } = customerOf(reference)
              if (kind === 'saved') return world.hear(saved(tenantId, id, ...refs))
              if (kind === 'saved in part') return world.hear(saved(tenantId, id, reference))
              expected[`O-${index}`] = id
              return world.ingest(tenantId, [orderOf(`O-${index}`, kind === 'order' ? byRef(reference) : { id })])
            }
            if (pace === 'at once') await Promise.all(steps.map(run))
            else for (const [index, each] of steps.entries()) await run(each, index)
            for (const { refs, id } of customers) await world.hear(saved(tenantId, id, ...refs))
            const owners = await ownersOf(world, tenantId)
            expect(owners.orders).toEqual(expected)
            expect(owners.customers).toEqual(customers.map(({ id }) => id).toSorted())
          },
        ),
        { numRuns: 25 },
      )
    })
  }
})
