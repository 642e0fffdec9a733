import { newId } from '@quimbi/database/ids.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createTeller } from '../src/live/changes.ts'
import { decodePlace, placeNow } from '../src/live/cursor.ts'
import { listInsightEntries } from '../src/live/entries.ts'
import type { Move } from '../src/profiles/moves.ts'
import { takeDue } from '../src/webhooks/queue.ts'
import { aFollower, aSender, openHooks, openHookWorld, toldBy, verify, type Hooks } from './insight-webhooks-kit.ts'
import { startOfTime, type World } from './kit.ts'
import { churn } from './live-kit.ts'

let world: World
let hooks: Hooks
beforeAll(async () => void (world = await openHookWorld()))
beforeEach(async () => {
  // The library that checks signatures compares with the real time.
  world.clock.set(new Date())
  hooks = await openHooks(world)
  onTestFinished(() => hooks.close())
})
afterAll(() => world.close())

const settle = () => world.module.settle()
describe('a change', () => {
  it('reaches the webhook that asked for it, signed, once', async () => {
    const { secret, hint } = await hooks.save()
    const id = await hooks.aCustomer()
    await world.rows(
      `INSERT INTO customer_ref (tenant_id, source, external_id, customer_id) VALUES ($1, 'shop', 'C-7', $2)`,
      ...[hooks.tenantId, id],
    )
    await hooks.happen(id, churn(0.4, 0.5))
    await settle()
    expect(hooks.receiver.got).toHaveLength(1)
    const [got] = hooks.receiver.got
    expect(verify(got!, secret)).toEqual({
      type: 'insight.changed',
      timestamp: startOfTime,
      data: {
        cursor: expect.any(String),
        customerId: id,
        externalRefs: [{ source: 'shop', id: 'C-7' }],
        ...{ metric: 'CHURN_RISK', from: 0.4, to: 0.5, at: startOfTime },
      },
    })
    expect(() => verify({ ...got!, body: `${got!.body} ` }, secret)).toThrow()
    expect(secret).toMatch(/^whsec_/)
    expect(hint).toBe(secret.slice(-4))
    expect(await hooks.deliveries()).toEqual([
      { attempt: 1, statusCode: 204, error: null, pending: false, arrived: true },
    ])
    const [listed] = await hooks.list()
    expect(listed?.deliveries.nodes).toMatchObject([
      { id: got!.headers['webhook-id'], customerId: id, statusCode: 204 },
    ])
  })

  it('of another figure, of another tenant, from before, too small, or for one that is off reaches nobody', async () => {
    const id = await hooks.aCustomer()
    await hooks.tell(id, churn(0.3, 0.5))
    await hooks.save({ metrics: ['CHURN_RISK'] })
    await hooks.save({ isActive: false })
    const other = await openHooks(world)
    onTestFinished(() => other.close())
    await other.happen(await other.aCustomer(), churn(0.1, 0.9))
    await hooks.happen(id, { metric: 'ENGAGEMENT', from: 1, to: 90 }, churn(0.5, 0.52))
    expect(hooks.receiver.got).toEqual([])
    expect(other.receiver.got).toEqual([])
    await hooks.happen(id, churn(0.52, 0.56))
    expect(toldBy(hooks.receiver.got)).toMatchObject([{ from: 0.5, to: 0.56 }])
  })

  it(
    'is told exactly when insightChanged tells of it, whatever moves and wherever processes begin anew',
    { timeout: 120_000 },
    async () => {
      const metrics = ['CHURN_RISK', 'LTV_12M', 'ENGAGEMENT'] as const
      const step = fc.record({
        customer: fc.nat(2),
        metric: fc.constantFrom(...metrics),
        to: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 8 }),
        isPause: fc.boolean(),
      })
      const walk = fc.tuple(fc.array(step, { minLength: 1, maxLength: 40 }), fc.constantFrom(0, 0.05, 0.3))
      await fc.assert(
        fc.asyncProperty(walk, async ([steps, minChange]) => {
          const own = await openHooks(world)
          try {
            const customers = await Promise.all([own.aCustomer(), own.aCustomer(), own.aCustomer()])
            await own.tell(customers[0]!, churn(0, 1))
            const since = decodePlace(own.tenantId, await placeNow(world.database.system, own.tenantId)).sequence
            await own.save({ minChange })
            const at = new Map<string, number | null>()
            for (const { customer, metric, to, isPause } of steps) {
              const key = `${customer} ${metric}`
              const move: Move = { metric, from: at.get(key) ?? null, to }
              at.set(key, to)
              await own.tell(customers[customer]!, move)
              if (isPause) await aFollower(world).drain()
            }
            await settle()
            const entries = await listInsightEntries(world.database.system, own.tenantId, {
              after: since,
              limit: 1_000,
            })
            const tell = createTeller(minChange)
            const expected = entries
              .flatMap((entry) => tell(entry))
              .map(({ at: when, ...change }) => ({ ...change, at: when.toISOString() }))
            expect(toldBy(own.receiver.got)).toEqual(expected.map((change) => ({ ...change, externalRefs: [] })))
          } finally {
            await own.close()
          }
        }),
        { numRuns: 12 },
      )
    },
  )

  it('leaves no sums behind where nothing is under way, nor of who is gone', async () => {
    await hooks.save()
    const [id, gone] = [await hooks.aCustomer(), await hooks.aCustomer()]
    const sums = () => world.rows('SELECT 1 FROM insight_webhook_sum WHERE tenant_id = $1', hooks.tenantId)
    await hooks.happen(id, churn(0.4, 0.42))
    await hooks.happen(gone, churn(0.4, 0.42))
    await hooks.happen(newId(), churn(0.4, 0.42))
    expect(await sums()).toHaveLength(2)
    await hooks.happen(id, churn(0.42, 0.46))
    await world.rows('DELETE FROM customer WHERE id = $1', gone)
    expect(await sums()).toEqual([])
  })
})

describe('several processes', () => {
  it('tell of each change once and in order', async () => {
    await hooks.save({ minChange: 0 })
    const customer = await hooks.aCustomer()
    const steps = Array.from({ length: 30 }, (_, n) => n / 100)
    for (const from of steps) await hooks.tell(customer, churn(from, from + 0.01))
    await Promise.all([aFollower(world).drain(), aFollower(world).drain()])
    await Promise.all([aSender(world).drain(), aSender(world).drain(), aSender(world).drain()])
    // Each drains what is due to it; who holds a lease sends the rest.
    await aSender(world).drain()
    expect(toldBy(hooks.receiver.got).map(({ from }) => from)).toEqual(steps)
    expect(new Set(hooks.receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(30)
  })

  it('lose nothing where one ends, before it has followed or in the middle of an attempt', async () => {
    await hooks.save({ minChange: 0 })
    const customer = await hooks.aCustomer()
    await hooks.tell(customer, churn(0.1, 0.2))
    await hooks.tell(customer, churn(0.2, 0.3))
    await aFollower(world).drain()
    const taken = await takeDue(world.database.system, world.clock.now(), [])
    expect(taken).toMatchObject({ attempt: 1, isActive: true })
    await hooks.tell(customer, churn(0.3, 0.4))
    await aFollower(world).drain()
    await aSender(world).drain()
    // Its turn is not over: whoever holds it may still be sending.
    expect(hooks.receiver.got).toEqual([])
    world.clock.advance(60_000)
    await aSender(world).drain()
    expect(toldBy(hooks.receiver.got).map(({ to }) => to)).toEqual([0.2, 0.3, 0.4])
    expect(hooks.receiver.got[0]?.headers['webhook-id']).toBe(taken?.eventId)
    expect(await hooks.deliveries()).toMatchObject([{ attempt: 2 }, { attempt: 1 }, { attempt: 1 }])
  })
})
