import { isCurrency } from '@quimbi/service/currency.ts'
import type { CustomerOrder } from '@quimbi/intelligence/orders/types.ts'
import type { OrderRecord } from '@quimbi/intelligence/orders/export.ts'
import { z } from 'zod'
import type { Parser, Sink } from '../parser.ts'
import { createSeen } from '../window.ts'
import type { OrderDefaults, OrderFormat, SourcedOrder } from './orders.ts'
import { amount, byColumn, instant, jsonCell, optionalString, reasonOf, string } from './shape.ts'

const status = z.enum(['PLACED', 'PAID', 'FULFILLED', 'DELIVERED', 'CANCELLED', 'RETURNED'])

const record = z.object({
  source: optionalString,
  externalId: string,
  customer: z.object({ id: optionalString, externalId: optionalString }),
  placedAt: instant,
  status: status.nullish(),
  currencyCode: optionalString,
  total: amount,
  discount: amount.nullish(),
  refunded: amount.nullish(),
  items: z
    .array(
      z.object({
        sku: string,
        title: string,
        category: optionalString,
        quantity: z.number(),
        unitPrice: amount,
        discounted: z.boolean().nullish(),
      }),
    )
    .nullish(),
  shipments: z
    .array(z.object({ carrier: optionalString, trackingNumber: optionalString, status: string, updatedAt: instant }))
    .nullish(),
})

// Refused here, record by record: the service judges a source for the whole batch.
export const isSource = (name: string): boolean => /^[\w.:-]{1,100}$/.test(name)

/** Reads canonical order records; `valueOf` gives a record of a row, or why there is none. */
export function orderRecords(
  defaults: OrderDefaults,
  sink: Sink<SourcedOrder>,
  valueOf: (raw: unknown) => unknown = (raw) => raw,
): Parser {
  const seen = createSeen()
  return {
    row(row) {
      const value = valueOf(row.raw)
      if (typeof value === 'string') return sink.reject(row, value)
      const parsed = record.safeParse(value)
      if (!parsed.success) return sink.reject(row, reasonOf(parsed.error))
      const { customer, source, currencyCode, ...rest } = parsed.data
      const from = source ?? defaults.source
      if (from === '') return sink.reject(row, 'source is missing; --source names one for all')
      if (!isSource(from)) return sink.reject(row, 'source: 1 to 100 letters, digits or . _ : -')
      if (currencyCode && !isCurrency(currencyCode)) return sink.reject(row, 'currencyCode is no ISO 4217 code')
      if (!seen.add(JSON.stringify([from, rest.externalId])))
        return sink.reject(row, 'this order is in the file already')
      const order: CustomerOrder = { customer, order: { ...rest, currencyCode: currencyCode ?? defaults.currencyCode } }
      sink.accept({ value: { source: from, order }, rows: [row] })
    },
    end() {},
  }
}

const columns = [
  ...['source', 'externalId', 'customerId', 'customerExternalId', 'placedAt', 'status', 'currencyCode', 'total'],
  ...['discount', 'refunded', 'items', 'shipments'],
] as const

/** Our own CSV: the canonical record with `items` and `shipments` as JSON in their cells. */
export const canonicalOrders: OrderFormat & { cells(order: OrderRecord): (string | null)[] } = {
  name: 'our own',
  columns,
  parser: (header, defaults, sink) => orderRecords(defaults, sink, (raw) => fromCells(header, raw as string[])),
  cells: ({
    source,
    externalId,
    customer,
    placedAt,
    status,
    currencyCode,
    total,
    discount,
    refunded,
    items,
    shipments,
  }) => [
    ...[source, externalId, customer.id ?? null, customer.externalId ?? null, placedAt, status, currencyCode, total],
    ...[discount ?? null, refunded ?? null, JSON.stringify(items), JSON.stringify(shipments)],
  ],
}

function fromCells(header: readonly string[], cells: readonly string[]): object | string {
  const row = byColumn(header, cells)
  if (typeof row === 'string') return row
  const { customerId, customerExternalId, items, shipments, ...rest } = row
  try {
    const customer = { id: customerId, externalId: customerExternalId }
    return { ...rest, customer, items: jsonCell(items), shipments: jsonCell(shipments) }
  } catch {
    return 'items or shipments: no JSON'
  }
}
