import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { InsightSenderOptions } from '../src/webhooks/sender.ts'
import {
  aFollower,
  aSender,
  openHooks,
  openHookWorld,
  status,
  toldBy,
  verify,
  type Hooks,
} from './insight-webhooks-kit.ts'
import type { World } from './kit.ts'
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
const webhookOf = async (id: string) => {
  const [row] = await world.rows<{
    isActive: boolean
    failingSince: Date | null
    why: string | null
    dueAt: Date | null
  }>(
    `SELECT is_active AS "isActive", failing_since AS "failingSince", disabled_reason AS why, due_at AS "dueAt"
       FROM insight_webhook WHERE id = $1`,
    id,
  )
  return row
}

describe('an attempt that fails', () => {
  it('is made again under the same id; what came after waits, and order is kept', async () => {
    const { id, secret } = await hooks.save({ minChange: 0 })
    const customer = await hooks.aCustomer()
    hooks.receiver.state.answer = status(500)
    await hooks.happen(customer, churn(0.1, 0.2))
    await hooks.happen(customer, churn(0.2, 0.3))
    await settle()
    expect(hooks.receiver.got).toHaveLength(1)
    expect(await hooks.deliveries()).toMatchObject([
      { attempt: 1, statusCode: 500, error: 'It answered 500.', pending: true },
      { attempt: 0, pending: true },
    ])
    expect((await webhookOf(id))?.failingSince).toEqual(world.clock.now())
    hooks.receiver.state.answer = status(204)
    world.clock.advance(5_000)
    await settle()
    expect(toldBy(hooks.receiver.got).map(({ to }) => to)).toEqual([0.2, 0.2, 0.3])
    const ids = hooks.receiver.got.map(({ headers }) => headers['webhook-id'])
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
    verify(hooks.receiver.got[2]!, secret)
    expect(await webhookOf(id)).toMatchObject({ failingSince: null, dueAt: null })
  })

  it('holds up no other webhook', async () => {
    await hooks.save({ url: `${hooks.receiver.url}/slow` })
    await hooks.save({ url: `${hooks.receiver.url}/fast` })
    const waiting: ServerResponse[] = []
    const allFast = Promise.withResolvers<void>()
    let isFree = false
    hooks.receiver.state.answer = (response, { path }) => {
      if (path === '/slow' && !isFree) {
        waiting.push(response)
        return
      }
      response.writeHead(204).end()
      if (hooks.receiver.got.filter((got) => got.path === '/fast').length === 5) allFast.resolve()
    }
    for (let n = 0; n < 5; n += 1) await hooks.tell(await hooks.aCustomer(), churn(0.1, 0.9))
    await aFollower(world).drain()
    // No deadline frees what a slow one holds.
    const drained = aSender(world, { deadlineMs: 3_600_000 }).drain()
    await allFast.promise
    expect(hooks.receiver.got.filter(({ path }) => path === '/slow').length).toBeLessThanOrEqual(1)
    isFree = true
    for (const response of waiting) response.writeHead(204).end()
    await drained
    expect(hooks.receiver.got).toHaveLength(10)
  })

  it('by 410 switches the webhook off and drops what waits; switched on again it hears what comes then', async () => {
    const { id } = await hooks.save({ minChange: 0 })
    const customer = await hooks.aCustomer()
    hooks.receiver.state.answer = status(410)
    await hooks.tell(customer, churn(0.1, 0.2))
    await hooks.happen(customer, churn(0.2, 0.3))
    expect(await webhookOf(id)).toMatchObject({ isActive: false, why: expect.stringContaining('410'), dueAt: null })
    expect(await hooks.deliveries()).toMatchObject([
      { pending: false, arrived: false },
      { pending: false, attempt: 0 },
    ])
    await hooks.happen(customer, churn(0.3, 0.4))
    hooks.receiver.state.answer = status(204)
    await hooks.save({ id, minChange: 0 })
    expect(await webhookOf(id)).toMatchObject({ isActive: true, failingSince: null, why: null })
    await hooks.happen(customer, churn(0.4, 0.5))
    expect(toldBy(hooks.receiver.got).map(({ to }) => to)).toEqual([0.2, 0.5])
  })

  it('after five days of failures switches the webhook off', async () => {
    const { id } = await hooks.save()
    hooks.receiver.state.answer = status(500)
    const failingSince = new Date(world.clock.now().getTime() - 5 * 86_400_000)
    await world.rows('UPDATE insight_webhook SET failing_since = $2 WHERE id = $1', id, failingSince)
    await hooks.happen(await hooks.aCustomer(), churn(0.1, 0.9))
    expect(await webhookOf(id)).toMatchObject({ isActive: false, failingSince, why: expect.any(String) })
  })

  it('is given up a day after it was made, and the next is tried', async () => {
    await hooks.save({ minChange: 0 })
    const customer = await hooks.aCustomer()
    hooks.receiver.state.answer = status(500)
    await hooks.happen(customer, churn(0.1, 0.2))
    world.clock.advance(86_400_000)
    hooks.receiver.state.answer = (response, { body }) =>
      response.writeHead(body.includes('"to":0.2') ? 500 : 204).end()
    await hooks.happen(customer, churn(0.2, 0.3))
    expect(await hooks.deliveries()).toMatchObject([
      { attempt: 2, pending: false, arrived: false },
      { attempt: 1, pending: false, arrived: true },
    ])
  })

  it('by a redirect is not followed, and by an answer that does not come is cut off', async () => {
    const { receiver } = hooks
    await hooks.save()
    receiver.state.answer = (response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end()
    await hooks.happen(await hooks.aCustomer(), churn(0.1, 0.9))
    expect(receiver.got.map(({ path }) => path)).toEqual(['/'])
    expect(await hooks.deliveries()).toMatchObject([{ statusCode: 302, pending: true }])
    receiver.state.answer = () => {}
    world.clock.advance(5_000)
    await aSender(world, { deadlineMs: 50 }).drain()
    expect(await hooks.deliveries()).toMatchObject([{ attempt: 2, statusCode: null, error: 'It took too long.' }])
  })

  it('because the address is private stays unsent, whatever stands in the table or behind the name', async () => {
    const { id } = await hooks.save()
    await hooks.tell(await hooks.aCustomer(), churn(0.1, 0.9))
    await aFollower(world).drain()
    await aSender(world, { toLoopback: false }).drain()
    const refused = { attempt: 1, statusCode: null, error: 'The address is private.', pending: true }
    expect(await hooks.deliveries()).toMatchObject([refused])
    await world.rows(`UPDATE insight_webhook SET url = 'https://hook.example/' WHERE id = $1`, id)
    world.clock.advance(5_000)
    const resolve: InsightSenderOptions['resolve'] = (_, _options, callback) =>
      callback(null, [
        { address: '93.184.215.14', family: 4 },
        { address: '10.1.2.3', family: 4 },
      ])
    await aSender(world, { toLoopback: false, resolve }).drain()
    expect(await hooks.deliveries()).toMatchObject([{ ...refused, attempt: 2 }])
    expect(hooks.receiver.got).toEqual([])
  })
})
