import { newId } from '@quimbi/database/ids.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../src/keys/service.ts'
import { maintenance } from '../src/maintenance.ts'
import { customerOf, draftFields, draftOf, modelOf, ticketOf, told, written, type ShownDraft } from './drafts-kit.ts'
import { anOrder, dayMs, openWorld, saved, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const generate = `query ($input: GenerateMessageInput!) { generateMessage(input: $input) { ${draftFields} } }`
const split = `query ($text: String!) { splitMessage(text: $text, channel: SMS) }`
async function message(tenantId: string, input: object, facts?: Partial<Facts>) {
  const asked = { turns: [], channel: 'EMAIL', goal: 'RESOLVE_SUPPORT_ISSUE', ...input }
  return world.ask<{ generateMessage: ShownDraft }>(generate, { input: asked }, facts ?? (await world.agent(tenantId)))
}
const asked = (content: string) => ({ turns: [{ fromAgent: false, content }] })
const mug = (externalId: string) => ({
  ...{
    externalId,
    placedAt: startOfTime.replace('11-21', '11-19'),
    total: '25',
    currencyCode: 'USD',
    status: 'FULFILLED',
  },
  items: [{ sku: 'MUG-07', title: 'Stoneware mug', quantity: 1, unitPrice: '25' }],
  shipments: [
    {
      carrier: 'DHL',
      trackingNumber: 'JD014600003',
      status: 'in transit',
      updatedAt: startOfTime.replace('11-21', '11-20'),
    },
  ],
})

describe('a model', () => {
  it('is asked once for the same message, anew for another tenant or other words, and again where it was away', async () => {
    let calls = 0
    let isAway = false
    const model = modelOf(async () => {
      calls += 1
      if (isAway) throw new Error('away')
      return written('I am looking into this for you.')
    })
    const own = await openWorld({ model })
    const ask = async (tenantId: string, content: string) => {
      const input = { ...asked(content), channel: 'EMAIL', goal: 'RESOLVE_SUPPORT_ISSUE' }
      const { data } = await own.ask<{ generateMessage: ShownDraft }>(generate, { input }, await own.agent(tenantId))
      return data!.generateMessage
    }
    try {
      const [one, other] = [newId(), newId()]
      const first = await ask(one, 'Hello?')
      own.clock.advance(60_000)
      const second = await ask(one, 'Hello?')
      expect([first.generator, second.id, second.content, calls]).toEqual(['test-model', first.id, first.content, 1])
      await ask(other, 'Hello?')
      await ask(one, 'Hello there?')
      expect(calls).toBe(3)
      isAway = true
      expect(await ask(one, 'Anybody?')).toMatchObject({ generator: 'built-in' })
      isAway = false
      expect(await ask(one, 'Anybody?')).toMatchObject({ generator: 'test-model' })
      expect(calls).toBe(5)
    } finally {
      await own.close()
    }
  })
})

describe('generateMessage', () => {
  it('answers from a customer that is passed in, and keeps nothing', async () => {
    const tenantId = newId()
    const profile = { customerId: 'theirs', orders: [mug('A-1001'), mug('A-1002')] }
    const { data, codes } = await message(tenantId, { ...asked('Where is my order A-1001?'), profile, brand: 'Lumen' })
    expect(codes).toEqual([])
    const { generateMessage: draft } = data!
    expect(draft).toMatchObject({ channel: 'EMAIL', tone: 'PROFESSIONAL', generator: 'built-in' })
    expect(draft.content).toContain('A-1001')
    expect(draft.citations.some(({ id }) => id.startsWith('A-1001'))).toBe(true)
    expect(JSON.stringify(draft)).not.toContain('A-1002')
    expect(await world.rows('SELECT 1 FROM draft WHERE tenant_id = $1', tenantId)).toEqual([])
  })

  it('answers from what is known of a customer, to whom nothing else is', async () => {
    const tenantId = newId()
    await world.ingest(tenantId, [
      anOrder({ externalId: '10442' }),
      anOrder({ customer: { externalId: 'C-2' }, externalId: '20553' }),
    ])
    const input = { ...asked('Where is my order?'), customerId: customerOf(tenantId), channel: 'CHAT' }
    const { data } = await message(tenantId, input)
    expect(data?.generateMessage.content).toContain('10442')
    expect(JSON.stringify(data)).not.toContain('20553')
    expect((await message(newId(), input)).codes).toEqual(['NOT_FOUND'])
  })

  it('begins a conversation, for each goal and channel within its limit', async () => {
    const tenantId = newId()
    for (const goal of ['NURTURE_LEAD', 'UPSELL', 'WIN_BACK', 'FOLLOW_UP', 'RESOLVE_SUPPORT_ISSUE'])
      for (const channel of ['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM']) {
        const { data, codes } = await message(tenantId, { goal, channel, customerName: 'Ada Byron', brand: 'Lumen' })
        expect(codes).toEqual([])
        const { used, max } = data!.generateMessage.limit
        expect(used).toBeGreaterThan(0)
        expect(used).toBeLessThanOrEqual(max)
      }
  })

  it.each<[string, object]>([
    ['101 turns', { turns: Array.from({ length: 101 }, () => ({ fromAgent: false, content: 'Hello' })) }],
    ['a turn of 50,001 characters', asked('x'.repeat(50_001))],
    ['a long subject', { subject: 'x'.repeat(1_001) }],
    ['a long name', { customerName: 'x'.repeat(201) }],
    ['a long signature', { signature: 'x'.repeat(1_001) }],
    ['a sentiment above 1', { sentiment: 1.1 }],
    ['a discount above 100', { policies: [{ kind: 'DISCOUNT', text: 'Sale', maxDiscountPercent: 101 }] }],
    ['a negative amount', { policies: [{ kind: 'REFUND', text: 'Refunds', maxCompensation: '-1.00' }] }],
    ['a customer named twice', { customerId: newId(), profile: { customerId: 'c', orders: [] } }],
  ])('refuses %s', async (_, input) => {
    expect(await message(newId(), input)).toMatchObject({ data: null, codes: ['BAD_USER_INPUT'] })
  })

  it('is for keys that have the scope', async () => {
    const tenantId = newId()
    const manager = {
      kind: 'agent',
      role: 'MANAGER',
      tenantId,
      agentId: newId(),
      sessionId: newId(),
      expiresAt: new Date(),
    } as const
    const key = async (scope: string) => {
      const made = await world.database.transact(tenantId, (tx) =>
        createApiKey(tx, manager, { name: scope, scopes: [scope] }, world.clock.now()),
      )
      return { apiKey: made.key }
    }
    const [may, mayNot] = [await key('generate'), await key('insight:read')]
    expect((await message(tenantId, asked('Hello?'), may)).codes).toEqual([])
    expect((await message(tenantId, asked('Hello?'), mayNot)).codes).toEqual(['FORBIDDEN'])
    expect((await message(tenantId, { customerId: newId() }, may)).codes).toEqual(['FORBIDDEN'])
    expect((await world.ask(split, { text: 'Hello.' }, may)).data).toEqual({ splitMessage: ['Hello.'] })
    expect((await world.ask(split, { text: 'Hello.' }, mayNot)).codes).toEqual(['FORBIDDEN'])
  })
})

it('splitMessage cuts at the ends of sentences and refuses the longest texts', async () => {
  const facts = await world.agent(newId())
  const [one, two] = [`${'a'.repeat(99)}.`, `${'b'.repeat(99)}.`]
  expect((await world.ask(split, { text: `${one} ${two}` }, facts)).data).toEqual({ splitMessage: [one, two] })
  expect(await world.ask(split, { text: 'x'.repeat(50_001) }, facts)).toMatchObject({ reasons: ['TOO_LONG'] })
})

describe('what is kept of drafts', () => {
  const idsOf = async (tenantId: string) =>
    (await world.rows<{ id: string }>('SELECT id FROM draft WHERE tenant_id = $1', tenantId)).map(({ id }) => id)
  const aDraft = (tenantId: string, customer = 'C-1') =>
    draftOf(world, tenantId, ticketOf(tenantId, told('Do you sell lamps?'), { customer }))
  const outcome = (tenantId: string, customer: string) =>
    world.rows(
      `INSERT INTO action_outcome (tenant_id, id, kind, customer_id, outcome, at) VALUES ($1, $3, 'CALL', $2, 'TAKEN', now())`,
      ...[tenantId, customerOf(tenantId, customer), customer],
    )
  const outcomes = async (tenantId: string) =>
    (
      await world.rows<{ id: string }>('SELECT customer_id AS id FROM action_outcome WHERE tenant_id = $1', tenantId)
    ).map(({ id }) => id)
  const event = (tenantId: string) => ({ tenantId, occurredAt: world.clock.now() })

  it('goes after thirty days, of all tenants', async () => {
    const [old, young] = [newId(), newId()]
    const [a, b] = [await aDraft(old), await aDraft(young)]
    await world.rows(
      `UPDATE draft SET generated_at = $2 WHERE id = $1`,
      a.id,
      new Date(Date.parse(startOfTime) - 30 * dayMs - 1),
    )
    await world.rows(
      `UPDATE draft SET generated_at = $2 WHERE id = $1`,
      b.id,
      new Date(Date.parse(startOfTime) - 30 * dayMs),
    )
    const job = maintenance(world.database.system, world.clock, createLogger({ service: 'test', level: 'silent' }))
    await job.run({ tenantId: newId() }, { jobId: '1', attempt: 1, signal: new AbortController().signal })
    expect([await idsOf(old), await idsOf(young)]).toEqual([[], [b.id]])
  })

  it('goes with the person, and nobody else’s does', async () => {
    const [tenantId, other] = [newId(), newId()]
    await aDraft(tenantId)
    const { id: theirs } = await aDraft(tenantId, 'C-2')
    const { id: elsewhere } = await aDraft(other)
    for (const customer of ['C-1', 'C-2']) await outcome(tenantId, customer)
    const customerId = customerOf(tenantId)
    await world.hear({ ...event(tenantId), type: 'customer.erased', payload: { customerId } })
    expect(await idsOf(tenantId)).toEqual([theirs])
    expect(await outcomes(tenantId)).toEqual([customerOf(tenantId, 'C-2')])
    expect(await idsOf(other)).toEqual([elsewhere])
  })

  it('is the other’s where two turn out to be one person', async () => {
    const tenantId = newId()
    const { id } = await aDraft(tenantId)
    await outcome(tenantId, 'C-1')
    const [fromId, intoId] = [customerOf(tenantId), customerOf(tenantId, 'C-2')]
    await world.hear(
      saved(tenantId, intoId),
      { ...event(tenantId), type: 'customer.merged', payload: { fromId, intoId } },
      { ...event(tenantId), type: 'customer.erased', payload: { customerId: fromId } },
    )
    expect(await idsOf(tenantId)).toEqual([id])
    expect(await outcomes(tenantId)).toEqual([intoId])
  })
})
