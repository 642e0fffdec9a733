import type { CustomerOrder, NewItem } from '@quimbi/intelligence/orders/types.ts'
import { formatDecimal, parseDecimal } from '../decimal.ts'
import { parseInstant } from '../instants.ts'
import type { Item, Parser, Sink } from '../parser.ts'
import type { Row } from '../rows.ts'
import { createWindow } from '../window.ts'
import type { OrderDefaults, OrderFormat, SourcedOrder } from './orders.ts'

/** Orders kept open: the lines of an invoice may have others between them. */
const openOrders = 500
/** Most lines that one order may have. */
const maxLines = 10_000

type Draft = { externalId: string; customerId: string; placedAt: Date; sum: bigint; items: NewItem[]; rows: Row[] }
type Line = { customerId: string; item: NewItem; amount: bigint; placedAt: Date }

/** The UCI Online Retail files: one invoice line a record, credit notes under a number that begins with C. */
export const onlineRetail: OrderFormat = {
  name: 'Online Retail lines',
  columns: ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'],
  source: 'online-retail',
  currencyCode: 'GBP',
  parser: (_header, defaults, sink) => parser(defaults, sink),
}

function parser(defaults: OrderDefaults, sink: Sink<SourcedOrder>): Parser {
  const orders = createWindow<Draft>(openOrders, (draft) => {
    if (draft.items.length > 0) sink.accept(orderOf(draft, defaults))
  })
  return {
    row(row) {
      const cells = row.raw as string[]
      const line = readLine(cells)
      if (typeof line === 'string') return sink.reject(row, line)
      const { customerId, placedAt } = line
      const [externalId = ''] = cells
      const draft = orders.open(externalId, () => ({ externalId, customerId, placedAt, sum: 0n, items: [], rows: [] }))
      if (!draft) return sink.reject(row, 'the rest of this invoice lies too far above')
      if (draft.customerId !== customerId)
        return sink.reject(row, 'another CustomerID than the first line of the invoice')
      if (draft.items.length >= maxLines) return sink.reject(row, 'the invoice has too many lines')
      draft.items.push(line.item)
      draft.rows.push(row)
      draft.sum += line.amount
    },
    end: orders.end,
  }
}

const isCreditNote = (invoice: string): boolean => invoice.startsWith('C')

/** A line's part of the order, or why it has none. */
function readLine(cells: readonly string[]): Line | string {
  const [invoice = '', sku = '', description = '', quantityText = '', dateText = '', priceText = '', customerId = ''] =
    cells
  if (cells.length !== 8) return 'not 8 columns'
  if (invoice === '') return 'no InvoiceNo'
  if (customerId.trim() === '') return 'no CustomerID'
  if (sku.trim() === '') return 'no StockCode'
  if (invoice.length > 200 || customerId.length > 200 || sku.length > 200) return 'an id has more than 200 characters'
  if (description.length > 500) return 'a Description of more than 500 characters'
  if (/[\u0000-\u001F\u007F]/.test(invoice + sku + description + customerId)) return 'a control character'
  const credit = isCreditNote(invoice)
  const quantity = /^-?\d{1,9}$/.test(quantityText) ? Number(quantityText) : NaN
  if (Number.isNaN(quantity)) return 'Quantity is no whole number'
  if (quantity === 0) return 'Quantity is 0'
  if (quantity < 0 !== credit)
    return credit ? 'a positive Quantity in a cancellation' : 'a negative Quantity outside a cancellation'
  const price = parseDecimal(priceText)
  if (price === null) return 'UnitPrice is no number with at most 4 decimals'
  if (price < 0n) return 'a negative UnitPrice'
  const placedAt = parseInstant(dateText)
  if (!placedAt) return 'InvoiceDate is no date'
  const units = Math.abs(quantity)
  const item = { sku, title: description, quantity: units, unitPrice: formatDecimal(price) }
  return { customerId, item, amount: BigInt(units) * price, placedAt }
}

function orderOf(
  { externalId, customerId, placedAt, sum, items, rows }: Draft,
  defaults: OrderDefaults,
): Item<SourcedOrder> {
  const { source, currencyCode } = defaults
  const credit = isCreditNote(externalId)
  const order: CustomerOrder['order'] = {
    externalId,
    placedAt,
    currencyCode,
    status: credit ? 'RETURNED' : 'PAID',
    total: credit ? '0' : formatDecimal(sum),
    refunded: credit ? formatDecimal(sum) : null,
    items,
  }
  return { value: { source, order: { customer: { externalId: customerId }, order } }, rows }
}
