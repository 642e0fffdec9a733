import { customerIdOf, newId } from '@quimbi/database/ids.ts'
import type { AssistantModel } from '../src/assistant/model/means.ts'
import type { Generator, Written } from '../src/assistant/written.ts'
import { startOfTime, type World } from './kit.ts'

export const customerOf = (tenantId: string, externalId = 'C-1') => customerIdOf(tenantId, 'shop', externalId)

type Turn = { content: string; fromAgent?: boolean; messageId?: string; createdAt?: string }

export const turn = (content: string, more: Partial<Turn> = {}) => ({
  ...{ messageId: newId(), fromAgent: false, content, createdAt: startOfTime },
  ...more,
})

/** A conversation as Support tells it. */
export const told = (content: string, more: object = {}) => ({
  ...{ subject: 'My order', channel: 'EMAIL', priority: 'NORMAL', sentiment: null, customerName: 'Ada Byron' },
  ...{ isVip: false, locale: 'en', agentName: 'Mia Novak', brand: 'Lumen & Oak', signature: null, revision: 'r1' },
  ...{ turns: [turn(content)], pastTickets: [], policies: [] },
  ...more,
})

/** A ticket as the gateway refers to it. */
export const ticketOf = (tenantId: string, context: object | null, { id = newId(), customer = 'C-1' } = {}) => ({
  ...{ __typename: 'Ticket', id, customer: { __typename: 'Customer', id: customerOf(tenantId, customer) } },
  conversationContext: context,
})

export const draftFields = `id content tone channel limit { unit max used } personalization citations { sentence source id quote }
  reasoning confidence basedOn basis generator generatedAt`
export type ShownDraft = {
  id: string
  content: string
  tone: string
  channel: string
  limit: { unit: string; max: number; used: number }
  citations: { sentence: string; source: string; id: string; quote: string }[]
  basedOn: string
  basis: Record<string, string>
  generator: string
}

const entities = `query ($tickets: [_Any!]!, $tone: Tone, $length: DraftLength) { _entities(representations: $tickets) {
  ... on Ticket { id draft(tone: $tone, length: $length) { ${draftFields} } relevantOrders { externalId } } } }`
type Entities = {
  _entities: { id: string; draft: ShownDraft | null; relevantOrders: { externalId: string }[] | null }[]
}

/** The drafts of these tickets, as an agent sees them through the gateway. */
export async function draftsOf(world: World, tenantId: string, tickets: readonly object[], wish: object = {}) {
  const facts = { ...(await world.agent(tenantId, 'AGENT')), caller: 'gateway' } as const
  const { data, codes } = await world.ask<Entities>(entities, { tickets, ...wish }, facts)
  return { tickets: data?._entities ?? [], drafts: data?._entities.map(({ draft }) => draft) ?? [], codes }
}

export async function draftOf(world: World, tenantId: string, ticket: object, wish: object = {}): Promise<ShownDraft> {
  const { drafts, codes } = await draftsOf(world, tenantId, [ticket], wish)
  if (!drafts[0]) throw new Error(`There is no draft: ${codes.join()}`)
  return drafts[0]
}

export const written = (text: string): Written => ({
  paragraphs: [[{ text, cites: [], importance: 1 }]],
  ...{ personalization: [], reasoning: 'It was asked.', confidence: 0.9 },
})

/** A model whose answers the test decides. */
export function modelOf(write: Generator['write']): AssistantModel {
  return {
    name: 'test-model',
    generatorFor: () => ({ name: 'test-model', write }),
    complete: () => Promise.reject(new Error('Nobody asks it anything.')),
  }
}
