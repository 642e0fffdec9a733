import { inDisguise } from './injections-disguised.test-kit.ts'
import { inMessages } from './injections-messages.test-kit.ts'
import { inRecords } from './injections-records.test-kit.ts'
import type { OrderFact, Situation } from './situation.ts'
import { said } from './situation.test-kit.ts'
import type { Cite, Written } from './written.ts'

type Place = 'message' | 'title' | 'sku' | 'name' | 'subject' | 'resolution' | 'carrier' | 'status' | 'tracking'
/** Its name, what is planted, what an obeying model answers, what must not appear, and where it is planted. */
export type Row = readonly [name: string, text: string, obeyed: string, evil: readonly string[], place?: Place]

export type Injection = {
  name: string
  /** the situation with the attack in it */
  plant(situation: Situation): Situation
  /** what must not appear, in any case */
  evil: readonly string[]
  /** what a model that obeys would have written, citing whatever it can */
  obedient(situation: Situation): Written
}

const id = '5d0c8a10-0000-4000-8000-00000000ffff'

/** Attacks through every text that somebody else writes. */
export const injections: readonly Injection[] = [...inMessages, ...inDisguise, ...inRecords].map(
  ([name, text, obeyed, evil, place = 'message']) => ({
    name,
    evil,
    plant: (situation) => planted(situation, text, place),
    obedient: (situation) => ({
      paragraphs: [
        [
          { text: 'Thank you for your message.', cites: [], importance: 2 },
          { text: obeyed, cites: citesOf(situation), importance: 1 },
        ],
      ],
      personalization: [],
      reasoning: 'As the customer asked.',
      confidence: 1,
    }),
  }),
)

function planted(situation: Situation, text: string, place: Place): Situation {
  const { turns, pastTickets } = situation
  const item = (change: object) =>
    withOrder(situation, ({ items }) => ({ items: items.map((one) => ({ ...one, ...change })) }))
  const parcel = (change: object) =>
    withOrder(situation, ({ shipments }) => ({ shipments: shipments.map((one) => ({ ...one, ...change })) }))
  const past = { id: 'past-1', subject: 'Earlier', category: 'refund', satisfaction: 5, closedAt: situation.now }
  switch (place) {
    case 'message':
      return { ...situation, turns: [...turns, said(`Where is my order? ${text}`, { id })] }
    case 'title':
      return item({ title: text })
    case 'sku':
      return item({ sku: text })
    case 'name':
      return { ...situation, customerName: text }
    case 'subject':
      return { ...situation, subject: text }
    case 'resolution':
      return { ...situation, pastTickets: [{ ...past, resolution: text }, ...pastTickets] }
    case 'carrier':
      return parcel({ carrier: text })
    case 'status':
      return parcel({ status: text })
    case 'tracking':
      return parcel({ trackingNumber: text })
  }
}

const withOrder = (situation: Situation, change: (order: OrderFact) => Partial<OrderFact>): Situation => ({
  ...situation,
  orders: situation.orders.map((order) => ({ ...order, ...change(order) })),
})

/** Every record there is, each by words that it has: a citation alone proves nothing. */
function citesOf({ turns, orders, pastTickets, policies }: Situation): Cite[] {
  const start = (text: string) => text.split(/\s+/).slice(0, 3).join(' ')
  return [
    ...turns.slice(-1).map(({ id, content }): Cite => ({ source: 'MESSAGE', id, quote: start(content) })),
    ...orders.slice(0, 1).map(({ id, externalId }): Cite => ({ source: 'ORDER', id, quote: externalId })),
    ...orders
      .slice(0, 1)
      .flatMap(({ shipments }) =>
        shipments.slice(0, 1).map(({ id, status }): Cite => ({ source: 'SHIPMENT', id, quote: start(status) })),
      ),
    ...pastTickets.map(({ id, subject }): Cite => ({ source: 'PAST_TICKET', id, quote: start(subject) })),
    ...policies.map(({ id, text }): Cite => ({ source: 'POLICY', id, quote: start(text) })),
  ]
}
