import type { Category, Intent } from '../../../triage/grammar/taxonomy.ts'
import type { Triage } from '../../../triage/triage.ts'
import type { Planner } from '../plan.ts'
import { discount, payment, refundRequest, refundStatus } from './money.ts'
import { orderCancel, orderChange } from './orders.ts'
import { orderDamaged, orderMissing, orderWrong } from './problems.ts'
import { exchange, returnRequest, returnStatus } from './returns.ts'
import { shippingAddress, shippingDelay, shippingPolicy, shippingStatus } from './shipping.ts'
import { account, feedback, other, productQuestion, productRecommendation, thanks } from './talk.ts'

const planners: Record<Intent, Planner> = {
  order_cancel: orderCancel,
  order_change: orderChange,
  order_damaged: orderDamaged,
  order_wrong: orderWrong,
  order_missing: orderMissing,
  shipping_delay: shippingDelay,
  shipping_address: shippingAddress,
  shipping_policy: shippingPolicy,
  shipping_status: shippingStatus,
  refund_request: refundRequest,
  refund_status: refundStatus,
  return_request: returnRequest,
  return_status: returnStatus,
  exchange,
  product_question: productQuestion,
  product_recommendation: productRecommendation,
  discount,
  payment,
  account,
  feedback,
  thanks,
  other,
}

/** Where only the category is sure: what answers most of its intents. */
const ofCategory: Partial<Record<Category, Intent>> = {
  shipping: 'shipping_status',
  refund: 'refund_status',
  return: 'return_request',
  product: 'product_question',
}

const isIntent = (label: string): label is Intent => Object.hasOwn(planners, label)
const isCategory = (label: string): label is Category => Object.hasOwn(ofCategory, label)

/** What a conversation is answered as; a label of a tenant's own is none of ours. */
export function intentOf(triage: Triage | null): Intent {
  if (triage?.intent) return isIntent(triage.intent.label) ? triage.intent.label : 'other'
  const category = triage?.category?.label ?? ''
  return (isCategory(category) && ofCategory[category]) || 'other'
}

export const plannerOf = (intent: Intent): Planner => planners[intent]
