/** What a customer of a shop writes about, in groups: the first word of an intent is its category. */
export const taxonomy = {
  order: ['order_cancel', 'order_change', 'order_damaged', 'order_wrong', 'order_missing'],
  shipping: ['shipping_delay', 'shipping_address', 'shipping_policy', 'shipping_status'],
  refund: ['refund_request', 'refund_status'],
  return: ['return_request', 'return_status'],
  exchange: ['exchange'],
  product: ['product_question', 'product_recommendation'],
  discount: ['discount'],
  payment: ['payment'],
  account: ['account'],
  feedback: ['feedback'],
  thanks: ['thanks'],
  other: ['other'],
} as const

export type Category = keyof typeof taxonomy
export type Intent = (typeof taxonomy)[Category][number]

/** Stands for "none of the others": nothing is said of such a text. */
export const none: Intent = 'other'

const categories = new Map<string, Category>(
  Object.entries(taxonomy).flatMap(([category, intents]) => intents.map((intent) => [intent, category as Category])),
)

/** The category of an intent; of a tenant's own label, the label itself. */
export const categoryOf = (label: string): string => categories.get(label) ?? label
