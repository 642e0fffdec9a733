import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { purgeWebhooks } from '../src/webhooks/deliveries.ts'
import {
  aKey,
  list,
  openHooks,
  openHookWorld,
  save,
  status,
  toldBy,
  verify,
  type Hooks,
} from './insight-webhooks-kit.ts'
import { change } from './keys-kit.ts'
import { refusals, startOfTime, type World } from './kit.ts'
import { churn } from './live-kit.ts'

let world: World
let hooks: Hooks
beforeAll(async () => void (world = await openHookWorld()))
beforeEach(async () => {
  hooks = await openHooks(world)
  onTestFinished(() => hooks.close())
})
afterAll(() => world.close())

const dayMs = 86_400_000

describe('a webhook', () => {
  it('is for managers', async () => {
    const { id } = await hooks.save()
    for (const role of ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD'] as const) {
      const facts = await world.agent(hooks.tenantId, role)
      expect((await hooks.save({}, facts)).refused).toEqual(['FORBIDDEN'])
      expect((await hooks.remove(id, facts)).refused).toEqual(['FORBIDDEN'])
      expect((await world.ask(list, {}, facts)).codes).toEqual(['FORBIDDEN'])
    }
    expect(await hooks.list(await world.agent(hooks.tenantId, 'ADMIN'))).toMatchObject([{ id }])
    const service = { caller: 'support' as const, tenantId: hooks.tenantId }
    expect((await hooks.save({}, service)).refused).toEqual(['FORBIDDEN'])
    expect((await world.ask(list, {}, {})).codes).toEqual(['UNAUTHENTICATED'])
  })

  it('is of one tenant', async () => {
    const { id } = await hooks.save()
    const stranger = await world.agent(newId())
    expect((await hooks.save({ id }, stranger)).refused).toEqual(['NOT_FOUND input id'])
    expect((await hooks.remove(id, stranger)).refused).toEqual(['NOT_FOUND input id'])
    expect(await hooks.list(stranger)).toEqual([])
    expect(await hooks.list()).toHaveLength(1)
  })

  it('is refused with a bad address, figures or move, and unknown ids', async () => {
    const refused = async (input: object) => (await hooks.save(input)).refused
    expect(await refused({ url: 'http://shop.example' })).toEqual(['INVALID input url'])
    expect(await refused({ url: 'https://10.0.0.1/' })).toEqual(['INVALID input url'])
    expect(await refused({ url: `https://a.example/${'x'.repeat(2_000)}` })).toEqual(['TOO_LONG input url'])
    expect(await refused({ metrics: [] })).toEqual(['REQUIRED input metrics'])
    expect(await refused({ minChange: 1.1 })).toEqual(['INVALID input minChange'])
    expect(await refused({ minChange: -0.1 })).toEqual(['INVALID input minChange'])
    expect(await refused({ id: 'me' })).toEqual(['NOT_FOUND input id'])
    expect(await refused({ id: newId() })).toEqual(['NOT_FOUND input id'])
    expect((await hooks.remove('me')).refused).toEqual(['NOT_FOUND input id'])
    expect((await world.ask(save, { input: { url: 'x', metrics: ['HAIR'] } }, hooks.manager)).codes).toEqual([
      'BAD_USER_INPUT',
    ])
    expect(await hooks.list()).toEqual([])
  })

  it('is one of twenty at most, however many are made at once', async () => {
    const made = await Promise.all(Array.from({ length: 24 }, () => hooks.save()))
    expect(made.filter(({ refused }) => refused.length > 0).map(({ refused }) => refused)).toEqual(
      Array.from({ length: 4 }, () => ['LIMIT_EXCEEDED input']),
    )
    expect(await hooks.list()).toHaveLength(20)
    // One that is there may still be changed.
    expect((await hooks.save({ id: made.find(({ id }) => id !== '')?.id, minChange: 0.5 })).refused).toEqual([])
  })

  it('signs with both secrets for a day after a rotation, and shows each once', async () => {
    const { id, secret } = await hooks.save({ minChange: 0 })
    expect((await hooks.save({ id, minChange: 0 })).secret).toBe('')
    const { secret: next } = await hooks.save({ id, minChange: 0, rotateSecret: true })
    const customer = await hooks.aCustomer()
    await hooks.happen(customer, churn(0.1, 0.2))
    for (const one of [secret, next]) verify(hooks.receiver.got[0]!, one)
    await world.rows(
      'UPDATE insight_webhook SET rotated_at = $2 WHERE id = $1',
      id,
      new Date(world.clock.now().getTime() - dayMs),
    )
    await hooks.happen(customer, churn(0.2, 0.3))
    verify(hooks.receiver.got[1]!, next)
    expect(() => verify(hooks.receiver.got[1]!, secret)).toThrow()
  })

  it('begins anew what adds up when it is to be told otherwise', async () => {
    const { id } = await hooks.save()
    const customer = await hooks.aCustomer()
    await hooks.happen(customer, churn(0.4, 0.44))
    await hooks.save({ id, minChange: 0.06 })
    await hooks.happen(customer, churn(0.44, 0.48))
    expect(hooks.receiver.got).toEqual([])
    await hooks.happen(customer, churn(0.48, 0.5))
    expect(toldBy(hooks.receiver.got)).toMatchObject([{ from: 0.44, to: 0.5 }])
  })

  it('shows what was sent page by page, and keeps it for 30 days', async () => {
    await hooks.save({ minChange: 0 })
    const customer = await hooks.aCustomer()
    for (const n of [1, 2, 3]) await hooks.tell(customer, churn(n / 10, (n + 1) / 10))
    await world.module.settle()
    const ids = hooks.receiver.got.map(({ headers }) => headers['webhook-id'])
    const [first] = await hooks.list(hooks.manager, { first: 2 })
    expect(first?.deliveries.nodes.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    const { hasNextPage, endCursor: after } = first!.deliveries.pageInfo
    expect(hasNextPage).toBe(true)
    const [second] = await hooks.list(hooks.manager, { first: 2, after })
    expect(second?.deliveries.nodes.map(({ id }) => id)).toEqual([ids[0]])
    expect((await world.ask(list, { after: 'x' }, hooks.manager)).codes).toEqual(['BAD_USER_INPUT'])
    hooks.receiver.state.answer = status(500)
    await hooks.happen(customer, churn(0.4, 0.5))
    await purgeWebhooks(world.database.system, new Date(world.clock.now().getTime() + 31 * dayMs))
    expect(await hooks.deliveries()).toMatchObject([{ pending: true, statusCode: 500 }])
  })

  it('is removed with what was on its way', async () => {
    const { id } = await hooks.save()
    hooks.receiver.state.answer = status(500)
    await hooks.happen(await hooks.aCustomer(), churn(0.1, 0.9))
    const { id: removed, refused } = await hooks.remove(id)
    expect([removed, refused]).toEqual([id, []])
    expect(await hooks.deliveries()).toEqual([])
    expect((await hooks.remove(id)).refused).toEqual(['NOT_FOUND input id'])
  })
})

describe('a partner', () => {
  it('sees and changes what its own key made, and nothing else', async () => {
    const { id: ofManager } = await hooks.save()
    const mine = await aKey(world, hooks.tenantId)
    const other = await aKey(world, hooks.tenantId)
    const { id } = await hooks.save({}, mine)
    expect((await hooks.list(mine)).map((one) => one.id)).toEqual([id])
    expect(await hooks.list(other)).toEqual([])
    for (const foreign of [ofManager, id]) {
      expect((await hooks.save({ id: foreign }, other)).refused).toEqual(['NOT_FOUND input id'])
      expect((await hooks.remove(foreign, other)).refused).toEqual(['NOT_FOUND input id'])
    }
    expect((await hooks.list()).map((one) => one.id)).toEqual([ofManager, id])
    expect((await hooks.save({ id, minChange: 0.2 }, mine)).refused).toEqual([])
    // A manager who changes it does not take it away.
    await hooks.save({ id })
    expect(await hooks.list(mine)).toHaveLength(1)
    expect((await hooks.remove(id, mine)).refused).toEqual([])
  })

  it('without the scope gets none', async () => {
    const key = await aKey(world, hooks.tenantId, { scopes: ['ingest'] })
    expect((await hooks.save({}, key)).refused).toEqual(['FORBIDDEN'])
    expect((await world.ask(list, {}, key)).codes).toEqual(['FORBIDDEN'])
  })

  it.each([
    ['revoked', `UPDATE api_key SET revoked_at = $2 WHERE id = $1`],
    ['expired', `UPDATE api_key SET expires_at = $2 WHERE id = $1`],
  ])('whose key was %s is told nothing any more, nor what waits', async (_, sql) => {
    const { id: keyId, apiKey } = await aKey(world, hooks.tenantId)
    const { id } = await hooks.save({ minChange: 0 }, { apiKey })
    await hooks.save({ minChange: 0, url: `${hooks.receiver.url}/manager` })
    const customer = await hooks.aCustomer()
    hooks.receiver.state.answer = (response, { path }) => response.writeHead(path === '/' ? 500 : 204).end()
    await hooks.happen(customer, churn(0.1, 0.2))
    expect((await hooks.deliveries()).filter(({ pending }) => pending)).toHaveLength(1)
    expect((await hooks.list()).map((one) => one.id)).toContain(id)
    await world.rows(sql, keyId, world.clock.now())
    hooks.receiver.got.length = 0
    world.clock.advance(5_000)
    await hooks.happen(customer, churn(0.2, 0.3))
    expect(hooks.receiver.got.map(({ path }) => path)).toEqual(['/manager'])
    expect((await hooks.deliveries()).filter(({ pending }) => pending)).toEqual([])
    await purgeWebhooks(world.database.system, world.clock.now())
    expect((await hooks.list()).some((one) => one.id === id)).toBe(false)
  })

  it('whose key another one replaced keeps its webhooks', async () => {
    const before = await aKey(world, hooks.tenantId)
    const { id } = await hooks.save({}, before)
    const { key } = await change(world, 'rotate', { id: before.id }, hooks.manager)
    expect((await hooks.list({ apiKey: key ?? '' })).map((one) => one.id)).toEqual([id])
    expect(await hooks.list(before)).toEqual([])
  })
})

describe('a person who is erased', () => {
  it('is forgotten in what was sent and what waits; others are told of', async () => {
    await hooks.save({ minChange: 0 })
    const [gone, stays] = [await hooks.aCustomer(), await hooks.aCustomer()]
    await hooks.happen(gone, churn(0.1, 0.2))
    hooks.receiver.state.answer = status(500)
    await hooks.tell(gone, churn(0.2, 0.3))
    await hooks.happen(stays, churn(0.1, 0.2))
    const event = { tenantId: hooks.tenantId, type: 'customer.erased', occurredAt: new Date(startOfTime) } as const
    await world.hear({ ...event, payload: { customerId: gone } })
    hooks.receiver.state.answer = status(204)
    hooks.receiver.got.length = 0
    world.clock.advance(60_000)
    await world.module.settle()
    expect(toldBy(hooks.receiver.got)).toMatchObject([{ customerId: stays }])
    const kept = await world.rows<{ text: string }>(
      `SELECT d::text AS text FROM insight_webhook_delivery d WHERE tenant_id = $1
       UNION ALL SELECT s::text FROM insight_webhook_sum s WHERE tenant_id = $1`,
      hooks.tenantId,
    )
    expect(kept.map(({ text }) => text).join()).toContain(stays)
    expect(kept.map(({ text }) => text).join()).not.toContain(gone)
  })

  it('by a caller’s word is told as having no figures any more, as insightChanged tells it', async () => {
    await hooks.save()
    const gone = await hooks.aCustomer()
    await hooks.happen(gone, churn(0.1, 0.9))
    const erase = `mutation ($input: EraseCustomerInsightInput!) { eraseCustomerInsight(input: $input) { userErrors { code path } } }`
    const { data } = await world.ask<{ eraseCustomerInsight: { userErrors: Parameters<typeof refusals>[0] } }>(
      erase,
      { input: { customer: { id: gone } } },
      await world.agent(hooks.tenantId, 'ADMIN'),
    )
    expect(refusals(data?.eraseCustomerInsight.userErrors ?? [])).toEqual([])
    await world.module.settle()
    await world.module.settle()
    expect(toldBy(hooks.receiver.got.slice(1)).map(({ metric, from, to }) => [metric, from, to])).toEqual(
      ['CHURN_RISK', 'LTV_12M', 'ENGAGEMENT'].map((metric) => [metric, null, null]),
    )
  })
})
