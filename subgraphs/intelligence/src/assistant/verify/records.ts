import type { CustomerFacts, OrderFact, PastTicket, Policy, Said, ShipmentFact, Situation } from '../situation.ts'
import type { Cite, CitationSource } from '../written.ts'
import { dayOf } from './facts/dates.ts'
import type { Day, Fact, StatusWord } from './facts/fact.ts'
import { factsIn } from './facts/facts.ts'
import { recorded, valueOf } from './facts/figures.ts'
import type { Names } from './facts/known.ts'
import { referenceOf } from './facts/references.ts'
import { once } from './once.ts'
import { plain, wordsOf } from './plain.ts'

/** A record that can be cited, as rules ask about it. `voice`: whose words it holds. */
export type Source = {
  source: CitationSource
  id: string
  voice: 'CUSTOMER' | 'OURS' | 'RECORD'
  /** all it says, plain, in lower case */
  text: string
  words: ReadonlySet<string>
  /** what its words state */
  facts: readonly Fact[]
  days: readonly Day[]
  amounts: readonly { value: string; currency: string }[]
  numbers: ReadonlySet<string>
  references: ReadonlySet<string>
  statuses: ReadonlySet<StatusWord>
  policy: Policy | null
  order: OrderFact | null
}

export type Sources = { of(cite: Cite): Source | undefined; all(): Source[] }

type Told = {
  voice: Source['voice']
  texts: readonly string[]
  /** of which these may state times, and nothing else; all may state all unless given: a title's figures are no record's */
  told?: readonly string[]
  days?: readonly (Date | null)[]
  amounts?: readonly ({ amount: string; currencyCode: string } | null)[]
  numbers?: readonly (number | string | null)[]
  statuses?: readonly StatusWord[]
  policy?: Policy
  order?: OrderFact
}

/** The situation's records by kind and id; read when they are asked for. */
export function sourcesOf(situation: Situation, names: Names): Sources {
  const { turns, orders, pastTickets, policies, customer } = situation
  const told = new Map<string, () => Told>()
  const add = (source: CitationSource, id: string, tell: () => Told) => told.set(`${source} ${id}`, tell)
  for (const turn of turns) add('MESSAGE', turn.id, () => ofTurn(turn))
  for (const order of orders) add('ORDER', order.id, () => ofOrder(order))
  for (const order of orders)
    for (const shipment of order.shipments) add('SHIPMENT', shipment.id, () => ofShipment(shipment, order))
  for (const ticket of pastTickets) add('PAST_TICKET', ticket.id, () => ofTicket(ticket))
  for (const policy of policies) add('POLICY', policy.id, () => ofPolicy(policy))
  if (customer) add('PROFILE', customer.id, () => ofCustomer(customer))
  const read = new Map<string, Source>()
  const of = (source: CitationSource, id: string): Source | undefined => {
    const key = `${source} ${id}`
    const tell = told.get(key)
    if (tell && !read.has(key)) read.set(key, sourceOf(source, id, tell(), names))
    return read.get(key)
  }
  return {
    of: ({ source, id }) => of(source, id),
    all: () =>
      [...told.keys()].flatMap((key) => of(key.split(' ')[0] as CitationSource, key.slice(key.indexOf(' ') + 1)) ?? []),
  }
}

const times = new Set<Fact['kind']>(['DAY', 'WEEKDAY', 'RELATIVE', 'SPAN', 'TIME'])
/** Of one message, policy or ticket: what is longer is not written to be answered. */
const mostCharacters = 10_000

/** Most cites are compared by their words: what else a record holds is read where a rule asks for it. */
function sourceOf(source: CitationSource, id: string, told: Told, names: Names): Source {
  const text = plain(told.texts.join(' | ').slice(0, mostCharacters))
  const facts = once(() => factsOf(told, text, names))
  const figures = once(() => figuresOf(told, text, facts()))
  const words = once(() => new Set(wordsOf(text)))
  const references = once(() => new Set((text.match(/#?\w[\w-]{0,60}/g) ?? []).map(referenceOf)))
  return {
    source,
    id,
    voice: told.voice,
    text: text.toLowerCase(),
    statuses: new Set(told.statuses),
    policy: told.policy ?? null,
    order: told.order ?? null,
    get words() {
      return words()
    },
    get facts() {
      return facts()
    },
    get days() {
      return figures().days
    },
    get amounts() {
      return figures().amounts
    },
    get numbers() {
      return figures().numbers
    },
    get references() {
      return references()
    },
  }
}

function factsOf({ told }: Told, text: string, names: Names): readonly Fact[] {
  const { facts } = factsIn(told === undefined ? text : plain(told.join(' | ')), names)
  return told === undefined ? facts : facts.filter(({ kind }) => times.has(kind))
}

function figuresOf(told: Told, text: string, facts: readonly Fact[]): Pick<Source, 'days' | 'amounts' | 'numbers'> {
  const days = (told.days ?? []).flatMap((date) => (date ? [dayOf(date)] : []))
  const amounts = (told.amounts ?? []).flatMap((one) =>
    one ? [{ value: recorded(one.amount), currency: one.currencyCode }] : [],
  )
  const figures = text.match(/\d{1,12}(?:[.,]\d{1,3})*/g) ?? []
  return {
    days: [...days, ...facts.flatMap((fact) => (fact.kind === 'DAY' ? fact.days : []))],
    amounts: [...amounts, ...facts.flatMap((fact) => (fact.kind === 'AMOUNT' ? [fact] : []))],
    numbers: new Set([
      ...figures.map(valueOf),
      ...amounts.map(({ value }) => value),
      ...days.map(({ year }) => String(year)),
      ...(told.numbers ?? []).map(String),
      ...facts.flatMap((fact) => (fact.kind === 'NUMBER' ? [fact.value] : [])),
    ]),
  }
}

const ofTurn = ({ content, fromAgent, createdAt }: Said): Told => ({
  voice: fromAgent ? 'OURS' : 'CUSTOMER',
  texts: [content],
  days: [createdAt],
})

const ofPolicy = (policy: Policy): Told => ({
  voice: 'RECORD',
  texts: [policy.text],
  numbers: [policy.maxDiscountPercent, policy.maxCompensation === null ? null : recorded(policy.maxCompensation)],
  policy,
})

const ofTicket = ({ subject, category, resolution, satisfaction, closedAt }: PastTicket): Told => ({
  voice: 'OURS',
  texts: [subject, category ?? '', resolution ?? ''],
  days: [closedAt],
  numbers: [satisfaction],
})

const ofOrder = (order: OrderFact): Told => ({
  voice: 'RECORD',
  texts: [
    order.externalId,
    order.status,
    ...order.items.flatMap(({ sku, title }) => [title, sku]),
    ...order.shipments.flatMap(({ carrier, trackingNumber, status }) => [
      carrier ?? '',
      trackingNumber ?? '',
      spaced(status),
    ]),
  ],
  told: order.shipments.map(({ status }) => spaced(status)),
  days: [order.placedAt, ...order.shipments.map(({ updatedAt }) => updatedAt)],
  amounts: [order.total, order.refunded, ...order.items.map(({ unitPrice }) => unitPrice)],
  numbers: [
    order.items.length,
    order.items.reduce((sum, { quantity }) => sum + quantity, 0),
    order.shipments.length,
    ...order.items.map(({ quantity }) => quantity),
  ],
  statuses: [...statusesOf(order), ...order.shipments.flatMap(({ status }) => shipmentStatuses(status))],
  order,
})

const ofShipment = ({ carrier, trackingNumber, status, updatedAt }: ShipmentFact, order: OrderFact): Told => ({
  voice: 'RECORD',
  texts: [
    carrier ?? '',
    trackingNumber ?? '',
    spaced(status),
    order.externalId,
    ...order.items.map(({ title }) => title),
  ],
  told: [spaced(status)],
  days: [updatedAt],
  statuses: ['SHIPPED', ...shipmentStatuses(status)],
  order,
})

const ofCustomer = (facts: CustomerFacts): Told => ({
  voice: 'RECORD',
  texts: [facts.archetype ?? '', facts.lifecycle ?? '', facts.churn?.level ?? '', ...facts.guidance],
  told: [],
  days: [facts.firstOrderAt],
  amounts: [facts.spent, facts.averageOrder, facts.ltv?.amount ?? null],
  numbers: [facts.orders, facts.daysSinceLastPurchase],
})

function statusesOf({ status, refunded, shipments }: OrderFact): StatusWord[] {
  const byStatus: Record<OrderFact['status'], StatusWord[]> = {
    PLACED: [],
    PAID: ['PAID'],
    FULFILLED: ['PAID', 'SHIPPED'],
    DELIVERED: ['PAID', 'SHIPPED', 'DELIVERED'],
    CANCELLED: ['CANCELLED'],
    RETURNED: ['PAID', 'SHIPPED', 'DELIVERED', 'RETURNED'],
  }
  const isRefunded = refunded !== null && Number(refunded.amount) > 0
  return [
    ...byStatus[status],
    ...(isRefunded ? ['REFUNDED' as const] : []),
    ...(shipments.length > 0 ? ['SHIPPED' as const] : []),
  ]
}

const spaced = (status: string): string => status.replaceAll('_', ' ')

function shipmentStatuses(status: string): StatusWord[] {
  const words = status.toLowerCase().replaceAll('_', ' ').slice(0, 100)
  if (/out for delivery/.test(words)) return ['OUT_FOR_DELIVERY']
  if (/return/.test(words)) return ['RETURNED']
  return /(?<!un|not (?:been )?)(?:delivered|arrived)/.test(words) ? ['DELIVERED'] : []
}
