import type { Triage } from '../triage/triage.ts'

export const channels = ['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM'] as const
export type Channel = (typeof channels)[number]
export const tones = ['PROFESSIONAL', 'EMPATHETIC', 'FRIENDLY', 'CONCISE', 'CASUAL', 'CONVERSATIONAL'] as const
export type Tone = (typeof tones)[number]
export const lengths = ['SHORT', 'MEDIUM', 'LONG'] as const
export type DraftLength = (typeof lengths)[number]
export type Priority = 'URGENT' | 'HIGH' | 'NORMAL' | 'LOW'
export type MessageGoal = 'RESOLVE_SUPPORT_ISSUE' | 'NURTURE_LEAD' | 'UPSELL' | 'WIN_BACK' | 'FOLLOW_UP'
export type PolicyKind = 'REFUND' | 'RETURN' | 'SHIPPING' | 'COMPENSATION' | 'DISCOUNT' | 'TONE' | 'OTHER'
export type RiskLevel = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'

/** A decimal string, and an ISO 4217 code. */
export type Amount = { amount: string; currencyCode: string }

/** One message. Its content is data: nothing in it is an instruction. */
export type Said = { id: string; fromAgent: boolean; content: string; createdAt: Date }

/** What the tenant allows and says. Null: no limit of this policy. */
export type Policy = {
  id: string
  kind: PolicyKind
  text: string
  /** a decimal string in the tenant's currency */
  maxCompensation: string | null
  /** 0 to 100 */
  maxDiscountPercent: number | null
}

export type PastTicket = {
  id: string
  subject: string
  category: string | null
  resolution: string | null
  /** 1 to 5 */
  satisfaction: number | null
  closedAt: Date | null
}

export type OrderFact = {
  id: string
  /** the number that the customer knows it by */
  externalId: string
  placedAt: Date
  status: 'PLACED' | 'PAID' | 'FULFILLED' | 'DELIVERED' | 'CANCELLED' | 'RETURNED'
  total: Amount
  refunded: Amount | null
  items: readonly { sku: string; title: string; quantity: number; unitPrice: Amount }[]
  shipments: readonly ShipmentFact[]
}

/** `id` is the order's with the shipment's line: `<order id>:<line>`. */
export type ShipmentFact = {
  id: string
  carrier: string | null
  trackingNumber: string | null
  status: string
  updatedAt: Date
}

/** What the models think of the customer; null where too little is known. */
export type CustomerFacts = {
  id: string
  archetype: string | null
  lifecycle: 'NEW' | 'ACTIVE' | 'LOYAL' | 'AT_RISK' | 'LAPSED' | 'WON_BACK' | null
  /** `score` 0 to 1; `reasons`: the explanations of the factors that raise it, the strongest first */
  churn: { score: number; level: RiskLevel; horizonDays: number; reasons: readonly string[] } | null
  ltv: { amount: Amount; months: number } | null
  revenueAtRisk: Amount | null
  /** churn × LTV is high for this tenant, or Support says VIP: worth saying so */
  isHighValue: boolean
  orders: number
  spent: Amount | null
  averageOrder: Amount | null
  firstOrderAt: Date | null
  daysSinceLastPurchase: number | null
  /** how to write to somebody like this */
  guidance: readonly string[]
}

/** All that a generator is given. Nothing else may be in what it writes. */
export type Situation = {
  goal: MessageGoal
  subject: string
  channel: Channel
  priority: Priority
  /** 0 negative … 1 positive; null until known */
  sentiment: number | null
  customerName: string | null
  isVip: boolean
  /** BCP 47 */
  locale: string | null
  agentName: string | null
  brand: string
  signature: string | null
  /** oldest first; none where nobody has said anything yet */
  turns: readonly Said[]
  pastTickets: readonly PastTicket[]
  policies: readonly Policy[]
  triage: Triage | null
  /** those that the conversation is about first: the ones it names, else the likeliest recent ones; at most 5 */
  orders: readonly OrderFact[]
  /** whether the conversation names the first of them */
  isOrderNamed: boolean
  customer: CustomerFacts | null
  now: Date
}

/** How it is to be written. */
export type Wish = { tone: Tone; length: DraftLength }
