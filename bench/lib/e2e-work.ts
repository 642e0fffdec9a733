import { createHash } from 'node:crypto'
import type { CustomerOrder } from '@quimbi/intelligence/orders/types.ts'
import { between, pick, type Random } from '@quimbi/service/random.ts'

export type Request = { name: string; query: string; variables: object }
type Kind = { name: string; weight: number; of(random: Random, known: Known, serial: number): Omit<Request, 'name'> }

/** What the requests name. */
export type Known = { ticketIds: readonly string[] }

const insight = 'churnRisk { score level } ltvForecast { amount { amount currencyCode } } dna { archetype { name } }'

const inboxQuery = `query Inbox($filter: TicketFilter) { inbox(filter: $filter, first: 25) { asOf totalCount nodes {
  id number subject status priority waitingOn createdAt updatedAt assignee { id name }
  customer { id name isVip ${insight} } } } }`

const ticketQuery = `query Ticket($id: ID!) { ticket(id: $id) { id number subject status priority tags { name }
  assignee { id name } messages(first: 20) { nodes { id content fromAgent createdAt } } notes(first: 10) { nodes { id content } }
  customer { id name email ${insight} behavior { totalOrders } } } }`

const mutation = (name: string, input: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { userErrors { code } } }`
const aTicket = (random: Random, { ticketIds }: Known) => pick(random, ticketIds as readonly [string, ...string[]])

/** What a console asks on a working day: mostly looks, each fifth request does something. */
const kinds: Kind[] = [
  {
    name: 'inbox',
    weight: 45,
    of: (random) => ({
      query: inboxQuery,
      variables: { filter: random() < 0.5 ? {} : { priority: [random() < 0.5 ? 'URGENT' : 'NORMAL'] } },
    }),
  },
  {
    name: 'ticket',
    weight: 35,
    of: (random, known) => ({ query: ticketQuery, variables: { id: aTicket(random, known) } }),
  },
  {
    name: 'sendMessage',
    weight: 6,
    of: (random, known, serial) => ({
      query: mutation('sendMessage', 'SendMessageInput'),
      variables: {
        input: {
          ticketId: aTicket(random, known),
          content: 'It left our warehouse this morning and should be with you within two days.',
          idempotencyKey: `e2e-${serial}`,
        },
      },
    }),
  },
  {
    name: 'updateTicket',
    weight: 5,
    of: (random, known) => ({
      query: mutation('updateTicket', 'UpdateTicketInput'),
      variables: {
        input: {
          id: aTicket(random, known),
          priority: pick(random, ['URGENT', 'HIGH', 'NORMAL', 'LOW']),
        },
      },
    }),
  },
  {
    name: 'tagTicket',
    weight: 5,
    of: (random, known) => ({
      query: mutation('tagTicket', 'TagTicketInput'),
      variables: { input: { id: aTicket(random, known), tags: [`tag-${between(random, 1, 20)}`] } },
    }),
  },
  {
    name: 'addNote',
    weight: 4,
    of: (random, known) => ({
      query: mutation('addNote', 'AddNoteInput'),
      variables: { input: { ticketId: aTicket(random, known), content: 'Asked the carrier for the trace.' } },
    }),
  },
]
const total = kinds.reduce((sum, { weight }) => sum + weight, 0)
export const requestNames = kinds.map(({ name }) => name)

export function nextRequest(random: Random, known: Known, serial: number): Request {
  let at = random() * total
  const kind = kinds.find(({ weight }) => (at -= weight) < 0) ?? (kinds[0] as Kind)
  return { name: kind.name, ...kind.of(random, known, serial) }
}

/** Orders of so many of the world's customers, from three to twelve each, as Intelligence takes them in. */
export function orderBatches(customers: number, random: Random, now: number): CustomerOrder[][] {
  const orders = Array.from({ length: customers }, (_, n) => {
    const hex = createHash('md5').update(`c${n}`).digest('hex')
    const id = hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
    return Array.from({ length: between(random, 3, 12) }, (_unused, k) => ({
      customer: { id },
      order: {
        externalId: `e2e-${n}-${k}`,
        placedAt: new Date(now - between(random, 1, 500) * 86_400_000),
        total: (10 + random() * 120).toFixed(2),
        currencyCode: 'USD',
      },
    }))
  }).flat()
  return Array.from({ length: Math.ceil(orders.length / 500) }, (_, at) => orders.slice(at * 500, (at + 1) * 500))
}
