import { useQuery } from '@apollo/client/react'
import { Package, Truck } from 'lucide-react'
import { formatDate, formatMoney, words } from '../../shared/format.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { CustomerOrdersDocument, type CustomerOrderFragment } from './generated/Orders.ts'
import { Pages } from './pages.tsx'

/** What was ordered, and where it is; Intelligence keeps it. */
export function Orders({ customerId, first = 5 }: { customerId: string; first?: number }) {
  return <Pages>{(after, more) => <OrdersPage key={after ?? 'first'} {...{ customerId, first, after, more }} />}</Pages>
}

type PageProps = { customerId: string; first: number; after: string | null; more: ((cursor: string) => void) | null }

function OrdersPage({ customerId, first, after, more }: PageProps) {
  const { data, loading } = useQuery(CustomerOrdersDocument, {
    variables: { id: customerId, first, after },
    fetchPolicy: 'cache-and-network',
  })
  const orders = data?.customer?.orders
  if (!orders) return loading ? <Skeleton className="h-16" label="Loading orders" /> : <Missing what="Orders" />
  if (orders.nodes.length === 0 && after === null) return <p className="text-sm text-ink-soft">No order yet.</p>
  const { endCursor, hasNextPage } = orders.pageInfo
  return (
    <>
      <ul aria-label={after === null ? 'Orders' : 'Earlier orders'} className="divide-y divide-line">
        {orders.nodes.map((order) => (
          <Order key={order.id} order={order} />
        ))}
      </ul>
      {more && hasNextPage && endCursor && (
        <Button kind="quiet" className="mt-1 w-full" onClick={() => more(endCursor)}>
          Earlier orders
        </Button>
      )}
    </>
  )
}

const tones: Record<CustomerOrderFragment['status'], Tone> = {
  PLACED: 'note',
  PAID: 'note',
  FULFILLED: 'accent',
  DELIVERED: 'good',
  RETURNED: 'warn',
  CANCELLED: 'bad',
}

function Order({ order }: { order: CustomerOrderFragment }) {
  const { externalId, status, placedAt, total, refunded, discount, items, shipments } = order
  return (
    <li className="flex flex-col gap-1 py-2 first:pt-0 last:pb-0">
      <div className="flex items-center gap-2 text-sm">
        <span className="font-medium">{externalId}</span>
        <Badge tone={tones[status]}>{words(status)}</Badge>
        <span className="ml-auto font-medium tabular-nums">{formatMoney(total)}</span>
      </div>
      <p className="text-xs text-ink-soft">
        {formatDate(placedAt)}
        {discount && ` · ${formatMoney(discount)} off`}
        {refunded && ` · ${formatMoney(refunded)} refunded`}
      </p>
      <ul aria-label={`Items of ${externalId}`} className="text-xs text-ink-soft">
        {items.map(({ sku, title, quantity, unitPrice }, index) => (
          <li key={`${sku}-${index}`} className="flex gap-1.5">
            <Package aria-hidden className="mt-0.5 size-3 shrink-0" />
            <span className="min-w-0 flex-1 truncate" title={`${title} (${sku})`}>
              {quantity} × {title}
            </span>
            <span className="tabular-nums">{formatMoney(unitPrice)}</span>
          </li>
        ))}
      </ul>
      {shipments.map((shipment) => (
        <p key={`${shipment.trackingNumber}-${shipment.updatedAt}`} className="flex gap-1.5 text-xs text-ink-soft">
          <Truck aria-hidden className="mt-0.5 size-3 shrink-0" />
          <span className="min-w-0 flex-1">
            {words(shipment.status)} {formatDate(shipment.updatedAt)}
            {shipment.carrier && ` · ${shipment.carrier}`}
            {shipment.trackingNumber && (
              <>
                {' · '}
                <span className="font-mono select-all">{shipment.trackingNumber}</span>
              </>
            )}
          </span>
        </p>
      ))}
    </li>
  )
}
