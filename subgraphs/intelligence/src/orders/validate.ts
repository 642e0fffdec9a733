import { createHash } from 'node:crypto'
import { derivedId } from '@quimbi/database/ids.ts'
import { refuse, type UserError } from '@quimbi/service/errors.ts'
import { checkAll, instant, optionalWords, owner, word, words } from '../common/checks.ts'
import type { CustomerOrder, CheckedOrder } from './types.ts'

/** Most lines that one order may have. */
export const maxLines = 10_000
const maxAmount = 1e12
const maxQuantity = 1e9

/** `currencyCode`: the tenant's; null while it has none and no order of the batch names one. */
type Rules = { tenantId: string; source: string; currencyCode: string | null; now: Date }

/** The orders that may be taken, and why the others may not. Pure. */
export function validateOrders(
  orders: readonly CustomerOrder[],
  rules: Rules,
): { valid: CheckedOrder[]; errors: UserError[] } {
  return checkAll(orders, { list: 'orders', item: 'order' }, (order, path) => validateOrder(order, rules, path))
}

function validateOrder(
  { customer, order }: CustomerOrder,
  { tenantId, source, currencyCode, now }: Rules,
  path: string[],
): CheckedOrder {
  const at = (...more: string[]) => [...path, 'order', ...more]
  const externalId = word(order.externalId, 200, at('externalId'))
  if (currencyCode === null) refuse('INVALID', 'This is no ISO 4217 code.', at('currencyCode'))
  if (order.currencyCode !== currencyCode) {
    refuse(
      'INVALID',
      `The tenant's currency is ${currencyCode}; convert amounts in ${order.currencyCode.slice(0, 10)} first.`,
      at('currencyCode'),
    )
  }
  const items = order.items ?? []
  if (items.length > maxLines) refuse('LIMIT_EXCEEDED', `An order has at most ${maxLines} lines.`, at('items'))
  const shipments = order.shipments ?? []
  if (shipments.length > maxLines)
    refuse('LIMIT_EXCEEDED', `An order has at most ${maxLines} parcels.`, at('shipments'))
  const content = {
    customer: owner(customer, [...path, 'customer']),
    placedAt: instant(order.placedAt, now, at('placedAt')),
    status: order.status ?? 'PAID',
    currencyCode,
    total: amount(order.total, at('total')),
    discount: optionalAmount(order.discount, at('discount')),
    refunded: optionalAmount(order.refunded, at('refunded')),
    items: items.map((item, line) => ({
      sku: word(item.sku, 200, at('items', String(line), 'sku')),
      title: words(item.title, 500, at('items', String(line), 'title')),
      category: optionalWords(item.category, 200, at('items', String(line), 'category')),
      quantity: quantity(item.quantity, at('items', String(line), 'quantity')),
      unitPrice: amount(item.unitPrice, at('items', String(line), 'unitPrice')),
      discounted: item.discounted ?? false,
    })),
    shipments: shipments.map((shipment, line) => ({
      carrier: optionalWords(shipment.carrier, 200, at('shipments', String(line), 'carrier')),
      trackingNumber: optionalWords(shipment.trackingNumber, 200, at('shipments', String(line), 'trackingNumber')),
      status: word(shipment.status, 200, at('shipments', String(line), 'status')),
      updatedAt: instant(shipment.updatedAt, now, at('shipments', String(line), 'updatedAt')),
    })),
  }
  return {
    ...content,
    id: derivedId(tenantId, 'order', source, externalId),
    source,
    externalId,
    fingerprint: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
  }
}

function quantity(value: number, path: string[]): number {
  if (Number.isInteger(value) && value > 0 && value <= maxQuantity) return value
  return refuse('INVALID', 'A quantity is a whole number above 0.', path)
}

// One spelling for one amount, so that 5 and 5.00 are the same order.
function amount(value: string, path: string[]): string {
  const [, whole, fraction = ''] =
    /^0*(0|[1-9]\d*)(?:\.(\d{1,4}?)0*)?$/.exec(value) ??
    refuse('INVALID', 'An amount is a decimal number, not negative, with at most 4 decimals.', path)
  if (Number(whole) > maxAmount) refuse('INVALID', 'An amount is at most 1,000,000,000,000.', path)
  return Number(fraction) === 0 ? `${whole}` : `${whole}.${fraction}`
}

const optionalAmount = (value: string | null | undefined, path: string[]) =>
  value === null || value === undefined ? null : amount(value, path)
