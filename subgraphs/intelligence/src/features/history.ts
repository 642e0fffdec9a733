/** What a customer did, as the models see it: each list oldest first, instants in ms since 1970, amounts in the tenant's currency. */
export type CustomerHistory = {
  customerId: string
  /** ISO 3166 code or the source's own name. */
  country: string | null
  orders: readonly OrderFact[]
  interactions: readonly InteractionFact[]
  events: readonly EventFact[]
}

/** `amount` is what was charged; `refunded` what of it went back. A return that a source sends as a document of its own has `isReturn`, and its `amount` is what went back. */
export type OrderFact = {
  at: number
  amount: number
  refunded: number
  /** Units. */
  items: number
  /** Distinct lines. */
  lines: number
  /** What was taken off the price; 0 when the source does not say. */
  discount: number
  discountedLines: number
  isReturn: boolean
  skus: readonly string[]
  categories: readonly string[]
}

export type InteractionKind = 'SUPPORT_TICKET' | 'MESSAGE' | 'REVIEW' | 'SURVEY' | 'EMAIL_OPEN' | 'EMAIL_CLICK'
export type InteractionChannel = 'EMAIL' | 'SMS' | 'PHONE' | 'CHAT' | 'FORM'

/** `sentiment` 0 negative … 1 positive. */
export type InteractionFact = {
  at: number
  kind: InteractionKind
  channel: InteractionChannel
  sentiment: number | null
  resolvedHours: number | null
}

/** Anything else that a shop saw: `visit`, `cart`, `login`, … */
export type EventFact = { at: number; name: string }
