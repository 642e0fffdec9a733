import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOfTime } from './kit.ts'
import { keysOf } from './keys-kit.ts'
import { churn, endOfLog, subscription, take, tellMoves, type Change } from './live-kit.ts'
import { insightQuery, openPartnerWorld, type PartnerWorld } from './partner-kit.ts'

let world: PartnerWorld
beforeAll(async () => void (world = await openPartnerWorld()))
afterAll(() => world.close())

type Noted = { operation_name: string | null; fields: string[]; customer_ids: string[]; outcome: string; cost: number }

/** What the database comes to hold of a key’s requests, oldest first. */
async function noted(keyId: string, count: number): Promise<Noted[]> {
  const find = () => world.rows<Noted>('SELECT * FROM api_key_read WHERE key_id = $1 ORDER BY id', keyId)
  await expect.poll(find, { timeout: 10_000 }).toHaveLength(count)
  return find()
}

describe('a key at the partner door', () => {
  it('leaves a note of what it asked, of whom, and what it cost', async () => {
    const { key, keyId, customerId } = await world.shop()
    const { body } = await world.post(
      { query: `query Mine ${insightQuery.trim().slice(5)}`, variables: { id: customerId } },
      { key },
    )
    await world.post({ query: '{ customerInsight { nonsense } }' }, { key })
    const actual = body.extensions?.cost['actualQueryCost']
    expect(await noted(keyId, 2)).toMatchObject([
      { operation_name: 'Mine', fields: ['customerInsight'], customer_ids: [customerId], outcome: 'OK', cost: actual },
      { customer_ids: [], outcome: 'REFUSED' },
    ])
  })

  it('is of its own tenant, whatever the request says', async () => {
    const [ours, theirs] = [await world.shop(), await world.shop()]
    const forged = { key: ours.key, 'x-quimbi-tenant': theirs.tenantId, 'x-quimbi-client': 'gateway' }
    const asked = { query: insightQuery, variables: { id: theirs.customerId } }
    expect((await world.post(asked, forged)).body.data).toEqual({ customerInsight: null })
    expect((await world.post({ ...asked, variables: { id: ours.customerId } }, forged)).body.data).toMatchObject({
      customerInsight: { id: ours.customerId },
    })
  })

  it('has its last use told', async () => {
    const { key, keyId, customerId } = await world.shop()
    await world.post({ query: insightQuery, variables: { id: customerId } }, { key })
    const used = () => world.rows('SELECT last_used_at FROM api_key WHERE id = $1 AND last_used_at IS NOT NULL', keyId)
    await expect.poll(used, { timeout: 10_000 }).toEqual([{ last_used_at: new Date(startOfTime) }])
  })

  it('closes what it listens to when it is revoked, and notes each event until then', async () => {
    const keys = keysOf(world)
    const { id, key } = await keys.create()
    const after = await endOfLog(world, keys.tenantId)
    const client = world.connect({ apiKey: key })
    const events = client.subscribe<{ insightChanged: Change }>(subscription, { after })
    const customerId = newId()
    await tellMoves(world, keys.tenantId, customerId, churn(0.1, 0.9))
    expect(await take(events, 1)).toMatchObject([{ data: { insightChanged: { customer: { id: customerId } } } }])
    expect(await noted(id, 1)).toMatchObject([{ fields: ['insightChanged'], outcome: 'OK' }])
    await keys.revoke(id)
    expect(await client.closed).toEqual({ code: 4401, reason: 'KEY_INVALID' })
  })

  it('is told that it guesses, after 20 that were wrong, while keys that are known go on', async () => {
    const { key, customerId } = await world.shop()
    const asked = { query: insightQuery, variables: { id: customerId } }
    expect((await world.post(asked, { key })).status).toBe(200)
    const codes = new Set<unknown>()
    for (let guess = 0; guess < 25; guess += 1)
      codes.add((await world.post(asked, { key: `qk_live_${guess}` })).error?.['code'])
    expect([...codes]).toEqual(['UNAUTHENTICATED', 'THROTTLED'])
    const { error, status } = await world.post(asked, { key: 'qk_live_once_more' })
    expect([status, error?.['reason'], error?.['retryAfterMs']]).toEqual([429, 'GUESSING', expect.any(Number)])
    expect((await world.post(asked, { key })).status).toBe(200)
  })
})
