import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partnerLive } from '../src/partner/door.ts'
import { churn, endOfLog, subscription, take, tellMoves, type Change } from './live-kit.ts'
import { openPartnerWorld, type PartnerWorld } from './partner-kit.ts'

let world: PartnerWorld
beforeAll(async () => void (world = await openPartnerWorld({ partnerLimits: { PARTNER_MAX_QUERY_COST: 500 } })))
afterAll(() => world.close())

type Told = { insightChanged: Change }

/** What a stream of server-sent events tells, until so many changes came. */
async function listen(key: string, variables: object, count: number): Promise<{ changes: Change[]; status: number }> {
  const url = new URL(`${world.door}/stream`)
  url.searchParams.set('query', subscription)
  url.searchParams.set('variables', JSON.stringify(variables))
  const leave = new AbortController()
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', 'x-api-key': key, connection: 'close' },
    signal: leave.signal,
  })
  const changes: Change[] = []
  let text = ''
  if (response.ok && response.body)
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: ?(.+)$/m.exec(event)?.[1]
        const told = data ? (JSON.parse(data) as { data?: Told | null }).data?.insightChanged : undefined
        if (told) changes.push(told)
      }
      if (changes.length >= count) break
    }
  leave.abort()
  return { changes, status: response.status }
}

describe('a partner who listens', () => {
  it('by server-sent events goes on where it was, nothing twice and nothing missed', async () => {
    const { tenantId, customerId, key } = await world.shop()
    const after = await endOfLog(world, tenantId)
    await tellMoves(world, tenantId, customerId, churn(0.1, 0.3))
    const first = await listen(key, { after }, 1)
    expect(first.changes.map(({ to }) => to)).toEqual([0.3])
    await tellMoves(world, tenantId, customerId, churn(0.3, 0.5))
    await tellMoves(world, tenantId, customerId, churn(0.5, 0.8))
    const rest = await listen(key, { after: first.changes[0]?.cursor }, 2)
    expect(rest.changes.map(({ to }) => to)).toEqual([0.5, 0.8])
  })

  it('learns where the stream stands, loads, and then misses nothing that moved meanwhile', async () => {
    const { tenantId, customerId, key } = await world.shop()
    await tellMoves(world, tenantId, customerId, churn(0.1, 0.3))
    await endOfLog(world, tenantId)
    const { body } = await world.post({ query: '{ insightPosition }' }, { key })
    expect(body.errors).toBeUndefined()
    const { insightPosition: after } = body.data as { insightPosition: string }
    await tellMoves(world, tenantId, customerId, churn(0.3, 0.6))
    expect((await listen(key, { after }, 1)).changes.map(({ to }) => to)).toEqual([0.6])

    const other = await world.shop({ scopes: ['ingest'] })
    const refused = await world.post({ query: '{ insightPosition }' }, { key: other.key })
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })

  it('needs a key that holds, and the scope', async () => {
    expect((await listen('qk_live_no', {}, 1)).status).toBe(401)
    expect((await listen((await world.shop({ scopes: ['ingest'] })).key, {}, 1)).status).toBe(403)
  })

  it('pays for what it subscribes to, and may not subscribe to what costs too much', async () => {
    const { key, tenantId } = await world.shop({ requestsPerMinute: 60 })
    const after = await endOfLog(world, tenantId)
    const client = world.connect({ apiKey: key })
    const dear = `subscription { insightChanged { customer { orders(first: 100) { nodes { items { title } } } } } }`
    await expect(client.subscribe(dear).next()).rejects.toMatchObject([{ extensions: { reason: 'COST_LIMIT' } }])
    const events = client.subscribe<Told>(subscription, { after })
    await tellMoves(world, tenantId, newId(), churn(0.1, 0.9))
    await take(events, 1)
    await events.return?.()
    const { headers } = await world.post({ query: '{ __typename }' }, { key })
    // The one that was refused cost nothing; the other and this one a request each.
    expect(headers.get('x-ratelimit-remaining')).toBe('58')
  })

  it('has so many sockets and no more', async () => {
    const { key } = await world.shop()
    const clients = Array.from({ length: partnerLive.sockets }, () => world.connect({ apiKey: key }))
    await Promise.all(clients.map(({ connected }) => connected))
    expect(await world.connect({ apiKey: key }).closed).toEqual({ code: 4440, reason: 'TOO_MANY_SOCKETS' })
    await world.connect({ apiKey: (await world.shop()).key }).connected
  })
})
