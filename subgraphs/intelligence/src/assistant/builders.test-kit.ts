import type { Intent } from '../triage/grammar/taxonomy.ts'
import { categoryOf } from '../triage/grammar/taxonomy.ts'
import type { Triage } from '../triage/triage.ts'
import type { CustomerFacts, OrderFact, Policy, Said, ShipmentFact, Situation } from './situation.ts'

export const now = new Date('2026-11-22T09:00:00Z')
const dayMs = 86_400_000
/** So many days before `now`. */
export const daysAgo = (days: number): Date => new Date(now.getTime() - days * dayMs)
export const usd = (amount: string) => ({ amount, currencyCode: 'USD' })

export const parcel = (overrides: Partial<ShipmentFact> = {}): ShipmentFact => ({
  id: '0b6f5f60-0000-4000-8000-000000000001:0',
  carrier: 'DHL',
  trackingNumber: 'JD014600003828392837',
  status: 'in_transit',
  updatedAt: daysAgo(2),
  ...overrides,
})

export const orderFact = (overrides: Partial<OrderFact> = {}): OrderFact => ({
  id: '0b6f5f60-0000-4000-8000-000000000001',
  externalId: '#10442',
  placedAt: daysAgo(6),
  status: 'FULFILLED',
  total: usd('162.00'),
  refunded: null,
  items: [
    { sku: 'LAMP-01', title: 'Opal glass lamp', quantity: 1, unitPrice: usd('89.00') },
    { sku: 'THRW-03', title: 'Wool throw', quantity: 1, unitPrice: usd('73.00') },
  ],
  shipments: [parcel()],
  ...overrides,
})

export const said = (content: string, overrides: Partial<Said> = {}): Said => ({
  id: '5d0c8a10-0000-4000-8000-000000000001',
  fromAgent: false,
  content,
  createdAt: daysAgo(0.1),
  ...overrides,
})

export const policy = (overrides: Partial<Policy> = {}): Policy => ({
  id: '7c1e4b20-0000-4000-8000-000000000001',
  kind: 'RETURN',
  text: 'Unused items can be returned within 30 days of delivery. The return label is free.',
  maxCompensation: null,
  maxDiscountPercent: null,
  ...overrides,
})

export const customerFacts = (overrides: Partial<CustomerFacts> = {}): CustomerFacts => ({
  id: '3a9d7c30-0000-4000-8000-000000000001',
  archetype: 'Steady regular',
  lifecycle: 'ACTIVE',
  churn: { score: 0.21, level: 'LOW', horizonDays: 90, reasons: [] },
  ltv: { amount: usd('310.00'), months: 12 },
  revenueAtRisk: usd('65.10'),
  isHighValue: false,
  orders: 5,
  spent: usd('612.40'),
  averageOrder: usd('122.48'),
  firstOrderAt: new Date('2023-04-12T10:00:00Z'),
  daysSinceLastPurchase: 6,
  guidance: [],
  ...overrides,
})

/** What the triage says of such a conversation; `label` null where it is not sure. */
export const triageOf = (label: Intent | null, overrides: Partial<Triage> = {}): Triage => ({
  sentiment: { score: 0.5, emotion: 'neutral', confidence: 0.5 },
  intent: label && { label, confidence: 0.9, evidence: [], alternatives: [] },
  category: label && { label: categoryOf(label), confidence: 0.95, evidence: [], alternatives: [] },
  tags: [],
  difficulty: 0.2,
  language: 'en',
  entities: [],
  urgency: { label: 'NORMAL', confidence: 0.8, evidence: [], alternatives: [] },
  promises: [],
  ...overrides,
})

/** A calm customer who asks by e-mail where order #10442 is, unless told otherwise. */
export const situation = (overrides: Partial<Situation> = {}): Situation => ({
  goal: 'RESOLVE_SUPPORT_ISSUE',
  subject: 'Where is my order?',
  channel: 'EMAIL',
  priority: 'NORMAL',
  sentiment: 0.5,
  customerName: 'Maria Lopez',
  isVip: false,
  locale: 'en-US',
  agentName: 'Anna Berg',
  brand: 'Lumen & Oak',
  signature: null,
  turns: [said('Hi, where is my order #10442? Thanks, Maria')],
  pastTickets: [],
  policies: [policy()],
  triage: triageOf('shipping_status', { entities: [{ kind: 'ORDER_NUMBER', text: '10442' }] }),
  orders: [orderFact()],
  isOrderNamed: true,
  customer: customerFacts(),
  now,
  ...overrides,
})
