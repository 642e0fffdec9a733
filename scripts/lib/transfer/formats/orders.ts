import type { CustomerOrder } from '@quimbi/intelligence/orders/types.ts'
import type { Parser, Sink } from '../parser.ts'

/** An order as a file gives it, with the source that its ids belong to. */
export type SourcedOrder = { source: string; order: CustomerOrder }

/** What a file does not say itself. */
export type OrderDefaults = { source: string; currencyCode: string }

/** A kind of CSV file with orders, told by its header. */
export type OrderFormat = {
  name: string
  /** for people, as in the file */
  columns: readonly string[]
  /** columns that may follow */
  optional?: readonly string[]
  source?: string
  currencyCode?: string
  parser(header: readonly string[], defaults: OrderDefaults, sink: Sink<SourcedOrder>): Parser
}
