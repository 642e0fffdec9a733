type Optional<T> = T | null | undefined

/** An order and whose it is, as a source sends it. Amounts are decimal strings. */
export type CustomerOrder = {
  customer: { id?: Optional<string>; externalId?: Optional<string> }
  order: {
    externalId: string
    placedAt: Date
    total: string
    currencyCode: string
    status?: Optional<OrderStatus>
    discount?: Optional<string>
    refunded?: Optional<string>
    items?: Optional<readonly NewItem[]>
    shipments?: Optional<readonly NewShipment[]>
  }
}

export type OrderStatus = 'PLACED' | 'PAID' | 'FULFILLED' | 'DELIVERED' | 'CANCELLED' | 'RETURNED'

export type NewItem = {
  sku: string
  title: string
  category?: Optional<string>
  quantity: number
  unitPrice: string
  discounted?: Optional<boolean>
}

export type NewShipment = {
  carrier?: Optional<string>
  trackingNumber?: Optional<string>
  status: string
  updatedAt: Date
}

/** A checked order, in the one spelling that its fingerprint is taken of. Instants are ISO strings. */
export type CheckedOrder = {
  id: string
  source: string
  externalId: string
  fingerprint: string
  customer: { id: string; externalId: null } | { id: null; externalId: string }
  placedAt: string
  status: string
  currencyCode: string
  total: string
  discount: string | null
  refunded: string | null
  items: {
    sku: string
    title: string
    category: string | null
    quantity: number
    unitPrice: string
    discounted: boolean
  }[]
  shipments: { carrier: string | null; trackingNumber: string | null; status: string; updatedAt: string }[]
}
