import { newId } from '@quimbi/database/ids.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../src/keys/service.ts'
import { openWorld, startOfTime, type World } from './kit.ts'

let world: World
const tenantId = newId()
let agent: Partial<Facts>
beforeAll(async () => {
  world = await openWorld()
  agent = await world.agent(tenantId, 'AGENT')
})
afterAll(() => world.close())

const triage = `query ($input: TriageInput!) { triageMessage(input: $input) {
  sentiment { score emotion confidence } intent { label confidence evidence alternatives { label } } category { label } tags { label }
  difficulty language entities { kind text } urgency { label } promises { text dueAt confidence } } }`
type Label = { label: string }
type Read = {
  sentiment: { score: number; emotion: string }
  intent: (Label & { confidence: number; evidence: string[] }) | null
  category: Label | null
  tags: Label[]
  difficulty: number
  language: string
  entities: { kind: string; text: string }[]
  urgency: Label | null
  promises: { text: string; dueAt: string | null }[]
}
const turn = (content: string, fromAgent = false, createdAt?: string) => ({ content, fromAgent, createdAt })
const read = async (turns: object[], more: object = {}, facts = agent) =>
  world.ask<{ triageMessage: Read }>(triage, { input: { channel: 'EMAIL', turns, ...more } }, facts)

describe('triageMessage', () => {
  it('tells all that a conversation says, and keeps nothing of it', async () => {
    const asked = turn('I want my money back for order #10442 asap! This is unacceptable.', false, startOfTime)
    const promised = turn('Sorry! We will refund you within 2 days.', true, startOfTime)
    const { data, codes } = await read([asked, promised], { subject: 'Re: Refund' })
    expect(codes).toEqual([])
    expect(data?.triageMessage).toMatchObject({
      ...{ intent: { label: 'refund_request' }, category: { label: 'refund' } },
      tags: [{ label: 'urgent' }],
      language: 'en',
      entities: [{ kind: 'ORDER_NUMBER', text: '10442' }],
      urgency: { label: 'HIGH' },
      promises: [{ text: 'We will refund you within 2 days.', dueAt: '2026-11-23T23:59:59.000Z' }],
    })
    expect(data?.triageMessage.sentiment.score).toBeLessThan(0.3)
  })

  it('says nothing where it is not sure, and und where no language shows', async () => {
    const { data } = await read([turn('blue')])
    expect(data?.triageMessage).toMatchObject({ intent: null, category: null, language: 'und', tags: [], promises: [] })
  })

  it('reads words again that have other times: what was promised counts from then', async () => {
    const promise = (at?: string) => read([turn('I will call you tomorrow.', true, at)])
    const due = async (at?: string) => (await promise(at)).data?.triageMessage.promises[0]?.dueAt
    expect(await due()).toBe('2026-11-22T23:59:59.000Z')
    expect(await due('2026-01-01T10:00:00.000Z')).toBe('2026-01-02T23:59:59.000Z')
    world.clock.advance(12 * 3_600_000)
    expect(await due()).toBe('2026-11-23T23:59:59.000Z')
  })

  it.each<[string, object[], object, string]>([
    ['no turn', [], {}, 'EMPTY'],
    ['101 turns', Array.from({ length: 101 }, () => turn('Hello')), {}, 'LIMIT'],
    ['a turn of 50,001 characters', [turn('x'.repeat(50_001))], {}, 'TOO_LONG'],
    ['a subject of 1,001 characters', [turn('Hello')], { subject: 'x'.repeat(1_001) }, 'TOO_LONG'],
  ])('refuses %s', async (_, turns, more, reason) => {
    const { data, codes, reasons } = await read(turns, more)
    expect({ data, codes, reasons }).toEqual({ data: null, codes: ['BAD_USER_INPUT'], reasons: [reason] })
  })

  it('reads as much of the longest conversation as of two pages', async () => {
    const turns = Array.from({ length: 100 }, () => turn('where is my order? '.repeat(2_600)))
    const { data } = await read(turns)
    expect(data?.triageMessage).toMatchObject({ intent: { label: 'shipping_status' }, language: 'en' })
  })
})

describe('a single question', () => {
  it('is answered of sentiment, after what was said before', async () => {
    const query =
      'query ($text: String!, $context: [String!]) { analyzeSentiment(text: $text, context: $context) { score emotion } }'
    const score = async (variables: object) =>
      (await world.ask<{ analyzeSentiment: { score: number } }>(query, { ...variables }, agent)).data!.analyzeSentiment
        .score
    const glad = await score({ text: 'I love it, thank you!' })
    const after = await score({ text: 'I love it, thank you!', context: ['This is terrible. I hate it.'] })
    expect(glad).toBeGreaterThan(0.8)
    expect(after).toBeLessThan(glad)
    expect(after).toBeGreaterThan(0.5)
  })

  it('is answered of intent: thanks do not undo what was asked before', async () => {
    const query =
      'query ($m: String!, $h: [String!]) { detectIntent(message: $m, history: $h) { label confidence evidence } }'
    const intent = async (m: string, h?: string[]) =>
      (await world.ask<{ detectIntent: Label | null }>(query, { m, h }, agent)).data?.detectIntent
    expect(await intent('Thank you!')).toMatchObject({ label: 'thanks' })
    expect(await intent('Thank you!', ['Where is my order?'])).toMatchObject({ label: 'shipping_status' })
    expect(await intent('blue')).toBeNull()
  })

  it('is answered of category, by subject and content', async () => {
    const query = 'query ($s: String!, $c: String!) { classifyCategory(subject: $s, content: $c) { label } }'
    const category = async (s: string, c: string) =>
      (await world.ask<{ classifyCategory: Label | null }>(query, { s, c }, agent)).data?.classifyCategory
    expect(await category('Refund for my lamp', 'See above.')).toEqual({ label: 'refund' })
    expect(await category('blue', 'blue')).toBeNull()
  })

  it.each([
    `{ analyzeSentiment(text: "${'x'.repeat(50_001)}") { score } }`,
    `{ detectIntent(message: "${'x'.repeat(50_001)}") { label } }`,
    `{ classifyCategory(subject: "${'x'.repeat(1_001)}", content: "x") { label } }`,
    `{ detectIntent(message: "x", history: ${JSON.stringify(Array.from({ length: 100 }, () => 'x'))}) { label } }`,
  ])('is refused when it is too long (%#)', async (query) => {
    expect((await world.ask(query, {}, agent)).codes).toEqual(['BAD_USER_INPUT'])
  })
})

describe('who may ask', () => {
  const key = async (scopes: string[]): Promise<Partial<Facts>> => {
    const viewer = { kind: 'agent', tenantId, agentId: newId(), sessionId: newId(), role: 'ADMIN' } as const
    const made = await world.database.transact(tenantId, (tx) =>
      createApiKey(tx, { ...viewer, expiresAt: world.clock.now() }, { name: 'Partner', scopes }, world.clock.now()),
    )
    return { apiKey: made.key }
  }
  const all = `{ analyzeSentiment(text: "Hello") { score } detectIntent(message: "Hello") { label }
    classifyCategory(subject: "Hello", content: "Hello") { label } triageMessage(input: { channel: SMS, turns: [{ fromAgent: false, content: "Hello" }] }) { difficulty } }`

  it('is a partner with a key to read insight, a service of ours, an agent', async () => {
    const service = { caller: 'support', tenantId } as const
    for (const facts of [await key(['insight:read']), service, agent])
      expect((await world.ask(all, {}, facts)).codes).toEqual([])
  })

  it('is nobody else', async () => {
    const fields = [...all.slice(1, -1).matchAll(/\w+\(.*?\) \{ \w+ \}/gs)]
    expect(fields).toHaveLength(4)
    for (const [field] of fields) {
      const query = `{ ${field} }`
      expect((await world.ask(query, {}, await key(['ingest']))).codes).toEqual(['FORBIDDEN'])
      expect((await world.ask(query, {}, {})).codes).toEqual(['UNAUTHENTICATED'])
    }
  })
})

describe('Ticket.triage', () => {
  const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Ticket { id triage {
    intent { label } category { label } urgency { label } promises { dueAt } } } } }`
  const ticket = (content: string, more: object = {}) => ({
    ...{ __typename: 'Ticket', id: newId() },
    conversationContext: {
      ...{ subject: 'Hello', channel: 'CHAT' },
      turns: [turn(content, false, startOfTime), turn('I will do it by tomorrow.', true, startOfTime)],
    },
    ...more,
  })
  const ask = async (representations: object[]) => {
    const { data, codes } = await world.ask<{ _entities: { triage: Pick<Read, 'intent'> | null }[] }>(
      query,
      { representations },
      { ...agent, caller: 'gateway' },
    )
    expect(codes).toEqual([])
    return data!._entities
  }

  it('reads what Support tells of the conversation, and nothing where Support tells nothing', async () => {
    const asked = ticket('I want my money back for this lamp')
    const [known, unknown] = await ask([asked, ticket('', { conversationContext: null })])
    expect(known).toMatchObject({
      id: asked.id,
      triage: {
        ...{ intent: { label: 'refund_request' }, category: { label: 'refund' } },
        promises: [{ dueAt: '2026-11-22T23:59:59.000Z' }],
      },
    })
    expect(unknown?.triage).toBeNull()
  })

  it('takes a page of tickets without a statement more than one ticket', async () => {
    const many = Array.from({ length: 50 }, (_, at) => ticket(`Where is my order ${10_000 + at}?`))
    const [one] = many
    const alone = await world.statementsOf(() => ask([one!]))
    expect(await world.statementsOf(() => ask(many))).toBe(alone)
    expect((await ask(many)).map(({ triage }) => triage?.intent)).toEqual(
      Array.from({ length: 50 }, () => ({ label: 'shipping_status' })),
    )
  })

  it('is no ticket’s of whom nobody may see the door', async () => {
    const { codes } = await world.ask(query, { representations: [ticket('Hello')] }, agent)
    expect(codes).toEqual(['FORBIDDEN'])
  })
})
