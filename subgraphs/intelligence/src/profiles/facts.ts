import type { OrderFact } from '../features/history.ts'

/** An order as a source tells it; amounts in the tenant's currency. */
export type OrderTold = {
  at: number
  status: string
  total: number
  refunded: number | null
  discount: number | null
  /** Units. */
  items: number
  lines: number
  discountedLines: number
  skus: readonly string[]
  /** One a line that has a category. */
  categories: readonly string[]
}

/** A cancelled order counts for nothing. */
export const counts = ({ status }: Pick<OrderTold, 'status'>): boolean => status !== 'CANCELLED'

/** What models see of an order: a credit note (RETURNED with a total of 0) is a return of what it refunds. */
export function orderFact({ status, total, refunded, discount, ...rest }: OrderTold): OrderFact {
  const isReturn = status === 'RETURNED' && total === 0
  const back = refunded ?? 0
  return { ...rest, amount: isReturn ? back : total, refunded: isReturn ? 0 : back, discount: discount ?? 0, isReturn }
}
