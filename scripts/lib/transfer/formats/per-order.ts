import type { CustomerOrder } from '@quimbi/intelligence/orders/types.ts'
import { formatDecimal, parseDecimal } from '../decimal.ts'
import { parseInstant } from '../instants.ts'
import { createSeen } from '../window.ts'
import type { OrderDefaults, OrderFormat } from './orders.ts'

/** One order a record, without its lines: amounts and returns only. */
export const perOrder: OrderFormat = {
  name: 'one order a row',
  columns: ['customer_id', 'order_id', 'ts', 'amount', 'items', 'lines', 'is_return'],
  optional: ['country'],
  parser(header, defaults, sink) {
    const seen = createSeen()
    return {
      row(row) {
        const cells = row.raw as string[]
        if (cells.length !== header.length) return sink.reject(row, `not ${header.length} columns`)
        const order = readOrder(cells, defaults)
        if (typeof order === 'string') return sink.reject(row, order)
        if (!seen.add(order.order.externalId)) return sink.reject(row, 'this order is in the file already')
        sink.accept({ value: { source: defaults.source, order }, rows: [row] })
      },
      end() {},
    }
  },
}

function readOrder(cells: readonly string[], { currencyCode }: OrderDefaults): CustomerOrder | string {
  const [customerId = '', externalId = '', ts = '', amountText = '', , , isReturn = ''] = cells
  if (customerId.trim() === '') return 'no customer_id'
  if (externalId.trim() === '') return 'no order_id'
  const placedAt = parseInstant(ts)
  if (!placedAt) return 'ts is no date'
  const amount = parseDecimal(amountText)
  if (amount === null) return 'amount is no number with at most 4 decimals'
  if (amount < 0n) return 'a negative amount'
  if (isReturn !== '0' && isReturn !== '1') return 'is_return is neither 0 nor 1'
  const returned = isReturn === '1'
  const [total, refunded] = returned ? ['0', formatDecimal(amount)] : [formatDecimal(amount), null]
  const status = returned ? 'RETURNED' : 'PAID'
  return {
    customer: { externalId: customerId },
    order: { externalId, placedAt, currencyCode, status, total, refunded },
  }
}
