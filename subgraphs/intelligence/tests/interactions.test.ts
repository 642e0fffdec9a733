import { newId } from '@quimbi/database/ids.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../src/keys/service.ts'
import { dayMs, openWorld, refusals, saved, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const fields = '{ accepted updated duplicates userErrors { code path } }'
const mutations = {
  interactions: `mutation ($input: IngestInteractionsInput!) { done: ingestInteractions(input: $input) ${fields} }`,
  events: `mutation ($input: IngestEventsInput!) { done: ingestEvents(input: $input) ${fields} }`,
} as const
type Kind = keyof typeof mutations
type Payload = { done: { accepted: number; updated: number; duplicates: number; userErrors: [] } }

/** Through GraphQL, as callers do: [new, changed, known, ...what was refused]. */
async function send(
  kind: Kind,
  tenantId: string,
  items: readonly object[],
  input: object = {},
  facts?: Partial<Facts>,
) {
  const caller = facts ?? (await world.agent(tenantId))
  const variables = { input: { source: 'mailer', [kind]: items, ...input } }
  const { data, codes } = await world.ask<Payload>(mutations[kind], variables, caller)
  if (!data) return codes
  const { accepted, updated, duplicates, userErrors } = data.done
  return [accepted, updated, duplicates, ...refusals(userErrors)]
}

let made = 0
const yesterday = new Date(Date.parse(startOfTime) - dayMs).toISOString()
type Parts = { customer?: object; [field: string]: unknown }

const opening = ({ customer = { externalId: 'C-1' }, ...parts }: Parts = {}) => ({
  customer,
  interaction: { externalId: `I-${(made += 1)}`, channel: 'EMAIL', at: yesterday, kind: 'EMAIL_OPEN', ...parts },
})
const visit = ({ customer = { externalId: 'C-1' }, ...parts }: Parts = {}) => ({
  customer,
  event: { externalId: `E-${(made += 1)}`, at: yesterday, name: 'visit', ...parts },
})

const skip = { errorPolicy: 'SKIP_FAILED' }
const rowsOf = (kind: Kind, tenantId: string) =>
  world.rows<Record<string, unknown>>(
    `SELECT * FROM ${kind === 'events' ? 'customer_event' : 'interaction'} WHERE tenant_id = $1 ORDER BY external_id`,
    tenantId,
  )
const staleIds = async (tenantId: string) => {
  const rows = await world.rows<{ id: string }>(
    'SELECT customer_id AS id FROM stale_customer WHERE tenant_id = $1 ORDER BY 1',
    tenantId,
  )
  return rows.map(({ id }) => id)
}
const forgetMarks = (tenantId: string) => world.rows('DELETE FROM stale_customer WHERE tenant_id = $1', tenantId)

describe.each([
  ['interactions', opening, 'sentiment', [0.25, 0.75]],
  ['events', visit, 'properties', [{ sku: 'a' }, { sku: 'b' }]],
] as const)('a batch of %s', (kind, make, field, [first, second]) => {
  const item = kind === 'events' ? 'event' : 'interaction'

  it('changes nothing when it is sent again', async () => {
    const tenantId = newId()
    const items = [make(), make({ customer: { externalId: 'C-2' } }), make({ customer: { id: newId() } })]
    expect(await send(kind, tenantId, items)).toEqual([3, 0, 0])
    expect(await staleIds(tenantId)).toHaveLength(3)
    await forgetMarks(tenantId)
    const before = await rowsOf(kind, tenantId)
    expect(await send(kind, tenantId, items)).toEqual([0, 0, 3])
    expect(await rowsOf(kind, tenantId)).toEqual(before)
    expect(await staleIds(tenantId)).toEqual([])
    const seen = await world.rows(`SELECT 1 FROM outbox WHERE tenant_id = $1 AND type = 'customer.seen'`, tenantId)
    expect(seen).toHaveLength(3)
  })

  it('replaces what has changed, and has only those customers computed anew', async () => {
    const tenantId = newId()
    const [a, b, c] = [newId(), newId(), newId()].toSorted() as [string, string, string]
    const known = [
      make({ externalId: '1', customer: { id: a }, [field]: first }),
      make({ externalId: '2', customer: { id: b } }),
    ]
    await send(kind, tenantId, known)
    await forgetMarks(tenantId)
    const changed = make({ externalId: '1', customer: { id: a }, [field]: second })
    expect(await send(kind, tenantId, [changed, known[1] ?? {}])).toEqual([0, 1, 1])
    expect(await staleIds(tenantId)).toEqual([a])
    const moved = make({ externalId: '1', customer: { id: c }, [field]: second })
    expect(await send(kind, tenantId, [moved])).toEqual([0, 1, 0])
    expect(await staleIds(tenantId)).toEqual([a, c])
    expect((await rowsOf(kind, tenantId)).map((row) => [row['customer_id'], row[field]])).toEqual([
      [c, second],
      [b, null],
    ])
  })

  it('is refused as a whole, or without those that cannot be', async () => {
    const tenantId = newId()
    const future = new Date(Date.parse(startOfTime) + 2 * dayMs).toISOString()
    const bad = [
      make({ at: future }),
      make({ at: '1969-12-31T23:59:59.000Z' }),
      make({ externalId: ' ' }),
      make({ externalId: 'a\u0000' }),
      make({ externalId: 'x'.repeat(201) }),
      make({ customer: {} }),
      make({ customer: { id: 'C-1' } }),
    ]
    const refused = (from: number) =>
      [
        [`INVALID`, item, 'at'],
        ['INVALID', item, 'at'],
        ['REQUIRED', item, 'externalId'],
        ['INVALID', item, 'externalId'],
        ['TOO_LONG', item, 'externalId'],
        ['REQUIRED', 'customer'],
        ['INVALID', 'customer', 'id'],
      ].map(([code, ...path], index) => [code, 'input', kind, index + from, ...path].join(' '))
    expect(await send(kind, tenantId, [make(), ...bad])).toEqual([0, 0, 0, ...refused(1)])
    expect(await rowsOf(kind, tenantId)).toEqual([])
    expect(await send(kind, tenantId, [...bad, make()], skip)).toEqual([1, 0, 0, ...refused(0)])
    expect(await rowsOf(kind, tenantId)).toHaveLength(1)
  })

  it('settles twins: the same content once, differing content as a conflict', async () => {
    const tenantId = newId()
    const twin = make({ externalId: 'twin', [field]: first })
    expect(await send(kind, tenantId, [twin, twin])).toEqual([1, 0, 1])
    const refused = `CONFLICT input ${kind} 1 ${item} externalId`
    const differing = [twin, make({ externalId: 'twin', [field]: second })]
    expect(await send(kind, tenantId, differing, skip)).toEqual([0, 0, 1, refused])
  })

  it('takes as many statements for 1,000 as for 1, and no more than 1,000', async () => {
    const tenantId = newId()
    const counts: number[] = []
    for (const size of [1, 1_000]) {
      const items = Array.from({ length: size }, (_, n) => make({ customer: { externalId: `${size}-${n}` } }))
      const caller = await world.agent(tenantId)
      counts.push(await world.statementsOf(() => send(kind, tenantId, items, {}, caller)))
      if (size > 1)
        expect(await send(kind, tenantId, [...items, make()])).toEqual([0, 0, 0, `LIMIT_EXCEEDED input ${kind}`])
    }
    expect(await rowsOf(kind, tenantId)).toHaveLength(1_001)
    expect(counts[1]).toBe(counts[0])
    expect(counts[0]).toBeLessThanOrEqual(12)
  })

  it('may be empty, of a source that is a word', async () => {
    expect(await send(kind, newId(), [])).toEqual([0, 0, 0])
    expect(await send(kind, newId(), [make()], { source: 'a b' })).toEqual([0, 0, 0, 'INVALID input source'])
  })

  it.each<[AgentRole, boolean]>([
    ['TEAM_LEAD', false],
    ['MANAGER', true],
  ])('comes from managers, not from a %s: %s', async (role, may) => {
    const tenantId = newId()
    const answer = await send(kind, tenantId, [make()], {}, await world.agent(tenantId, role))
    expect(answer).toEqual(may ? [1, 0, 0] : [0, 0, 0, 'FORBIDDEN'])
  })

  it('comes from partners whose key says so', async () => {
    const tenantId = newId()
    const agent = { agentId: newId(), sessionId: newId(), role: 'ADMIN', expiresAt: new Date() } as const
    for (const [scope, expected] of [
      ['ingest', [1, 0, 0]],
      ['insight:read', [0, 0, 0, 'FORBIDDEN']],
    ] as const) {
      const { key } = await world.database.transact(tenantId, (tx) =>
        createApiKey(
          tx,
          { kind: 'agent', tenantId, ...agent },
          { name: 'Partner', scopes: [scope] },
          world.clock.now(),
        ),
      )
      expect(await send(kind, tenantId, [make()], {}, { apiKey: key })).toEqual(expected)
    }
    expect(await send(kind, tenantId, [make()], {}, {})).toEqual(['UNAUTHENTICATED'])
  })
})

describe('an interaction', () => {
  it('has a sentiment from 0 to 1 and hours that may be', async () => {
    const bad = [
      opening({ sentiment: -0.01 }),
      opening({ sentiment: 1.01 }),
      opening({ resolvedHours: -1 }),
      opening({ resolvedHours: 1e9 }),
    ]
    expect(await send('interactions', newId(), [...bad, opening({ sentiment: 1, resolvedHours: 0 })], skip)).toEqual([
      ...[1, 0, 0],
      ...['sentiment', 'sentiment', 'resolvedHours', 'resolvedHours'].map(
        (field, n) => `INVALID input interactions ${n} interaction ${field}`,
      ),
    ])
  })
})

describe('an event', () => {
  it('has properties that are a small object', async () => {
    const place = (code: string, n: number) => `${code} input events ${n} event properties`
    const bad = [
      visit({ properties: { text: 'x'.repeat(10_000) } }),
      visit({ properties: [1] }),
      visit({ properties: 'x' }),
      visit({ properties: { deep: ['a\u0000'] } }),
      visit({ properties: { '\ud800': 1 } }),
    ]
    const good = visit({ externalId: 'good', properties: { note: 'two\nlines \\u0000', n: 1.5, list: [null] } })
    expect(await send('events', newId(), [...bad, good], skip)).toEqual([
      ...[1, 0, 0, place('TOO_LONG', 0)],
      ...[1, 2, 3, 4].map((n) => place('INVALID', n)),
    ])
  })

  it('has a name', async () => {
    expect(await send('events', newId(), [visit({ name: '' }), visit({ name: 'x'.repeat(101) })], skip)).toEqual([
      ...[0, 0, 0, 'REQUIRED input events 0 event name', 'TOO_LONG input events 1 event name'],
    ])
  })
})

it('Support’s tickets are apart from what a source calls by the same name', async () => {
  const [tenantId, id, ticketId] = [newId(), newId(), newId()]
  const payload = { ticketId, customerId: id, channel: 'EMAIL' as const, isDemo: false }
  await world.hear(saved(tenantId, id), { tenantId, type: 'ticket.opened', occurredAt: new Date(yesterday), payload })
  const same = opening({ externalId: ticketId, kind: 'SUPPORT_TICKET', customer: { id } })
  expect(await send('interactions', tenantId, [same], { source: 'support' }, undefined)).toEqual([1, 0, 0])
  expect(await rowsOf('interactions', tenantId)).toHaveLength(2)
})
