import { between, createRandom, pick, type Random } from '@quimbi/service/random.ts'
import type { Intent } from '../triage/grammar/taxonomy.ts'
import type { Triage } from '../triage/triage.ts'
import {
  type Channel,
  channels,
  lengths,
  type OrderFact,
  type Said,
  type Situation,
  tones,
  type Wish,
} from './situation.ts'
import { type ArchetypeName, archetypes, customerOf } from './conversations-customers.test-kit.ts'
import { agentReplies, insists, moods, requests } from './conversations-words.test-kit.ts'
import { ordersOf, policiesOf } from './conversations-records.test-kit.ts'
import { daysAgo, said, situation, triageOf } from './builders.test-kit.ts'

export {
  customerFacts,
  daysAgo,
  now,
  orderFact,
  parcel,
  policy,
  said,
  situation,
  triageOf,
  usd,
} from './builders.test-kit.ts'

/** A conversation with what it is about and how the answer is to be written. */
export type Conversation = {
  intent: Intent
  archetype: ArchetypeName
  channel: Channel
  situation: Situation
  wish: Wish
}

const intents = Object.keys(requests) as (keyof typeof requests)[]
const names = [
  'Maria Lopez',
  'Jörg Müller',
  'O’Neill, Siobhán',
  'LEE',
  'Ana-Sofía da Silva e Souza',
  'Łukasz',
  '明 李',
] as const
const signatures = [null, null, 'Lumen & Oak Customer Care', 'Best,\nThe Lumen & Oak team\nMon to Fri, 9 to 5'] as const

/**
 * `count` conversations, the same for the same seed: intents, archetypes and channels go round so that each of their
 * combinations comes equally often; all else (orders, parcels, policies, turns, moods, tones, lengths) is drawn.
 */
export function conversations(seed: number, count: number): Conversation[] {
  return Array.from({ length: count }, (_, index) => conversationAt(seed, index))
}

function conversationAt(seed: number, index: number): Conversation {
  const random = createRandom(seed * 1_000_003 + index)
  const intent = intents[index % intents.length]!
  const archetype = archetypes[Math.floor(index / intents.length) % archetypes.length]!
  const channel = channels[Math.floor(index / (intents.length * archetypes.length)) % channels.length]!
  const orders = ordersOf(random, intent)
  const isOrderNamed = orders.length > 0 && random() < 0.6
  const turns = turnsOf(random, { intent, named: isOrderNamed ? orders[0]! : null, index })
  const wish: Wish = { tone: pick(random, tones), length: pick(random, lengths) }
  const customer = random() < 0.08 ? null : customerOf(random, archetype, index)
  return {
    intent,
    archetype,
    channel,
    wish,
    situation: situation({
      subject: random() < 0.3 ? 'Question' : `About my order`,
      channel,
      sentiment: random() < 0.2 ? null : random(),
      isVip: random() < 0.1,
      customerName: random() < 0.08 ? null : pick(random, names),
      agentName: random() < 0.3 ? null : 'Anna Berg',
      signature: pick(random, signatures),
      locale: pick(random, ['en-US', 'en-GB', null]),
      turns,
      policies: policiesOf(random),
      triage: random() < 0.03 ? null : readingOf(random, { intent, turns, named: isOrderNamed ? orders[0]! : null }),
      orders,
      isOrderNamed,
      customer,
    }),
  }
}

function readingOf(
  random: Random,
  { intent, turns, named }: { intent: Intent; turns: readonly Said[]; named: OrderFact | null },
): Triage {
  const promise = turns.find(({ fromAgent, content }) => fromAgent && content.includes('I will'))
  const text = promise?.content.split('. ').find((sentence) => sentence.includes('I will'))
  return triageOf(random() < 0.06 ? null : intent, {
    sentiment: { score: random(), emotion: 'neutral', confidence: 0.6 },
    language: random() < 0.04 ? 'de' : 'en',
    entities: [
      ...(named ? [{ kind: 'ORDER_NUMBER' as const, text: named.externalId.replace('#', '') }] : []),
      ...(!named && random() < 0.1 ? [{ kind: 'ORDER_NUMBER' as const, text: '99871234' }] : []),
      ...(turns.some(({ content }) => content.includes('Elm Street'))
        ? [{ kind: 'ADDRESS' as const, text: '18 Elm Street' }]
        : []),
    ],
    promises: text ? [{ text, dueAt: random() < 0.5 ? daysAgo(1) : null, confidence: 0.75 }] : [],
  })
}

function turnsOf(
  random: Random,
  { intent, named, index }: { intent: keyof typeof requests; named: OrderFact | null; index: number },
): Said[] {
  const order = named ? `order ${named.externalId}` : 'my order'
  const item = named?.items[0]?.title ?? 'lamp'
  const ask = pick(random, requests[intent]).replaceAll('{order}', order).replaceAll('{item}', item)
  const first = `${pick(random, moods)}${ask}`
  const id = (turn: number) => `5d0c8a10-0000-4000-8000-${(index * 10 + turn).toString(16).padStart(12, '0')}`
  const turns = [said(first, { id: id(0), createdAt: daysAgo(2) })]
  if (random() > 0.35) return turns
  turns.push(said(pick(random, agentReplies), { id: id(1), fromAgent: true, createdAt: daysAgo(1.5) }))
  if (random() < 0.85) turns.push(said(pick(random, insists), { id: id(2), createdAt: daysAgo(between(random, 0, 1)) }))
  return turns
}
