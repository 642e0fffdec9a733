import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ErrorState, Skeleton } from '../../ui/state.tsx'
import { Fold } from './fold.tsx'
import { CustomerFactsNowDocument, type CustomerFactsFragment } from './generated/Facts.ts'
import { Advice } from './advice.tsx'
import { Identity } from './identity.tsx'
import { Orders } from './orders.tsx'
import { PanelInsight } from './panel-insight.tsx'
import { Tickets } from './tickets.tsx'

/** Who writes: what they are like, and what they will probably do. Beside a ticket. */
export function CustomerPanel({ customerId }: { customerId: string }) {
  const { data, error, loading, refetch } = useQuery(CustomerFactsNowDocument, {
    variables: { id: customerId },
    fetchPolicy: 'cache-and-network',
  })
  const customer = data?.customer
  return (
    <section aria-label="Customer" className="flex flex-col rounded-lg border border-line bg-surface">
      {customer ? (
        <Who of={customer} />
      ) : loading ? (
        <Skeleton className="m-3 h-10" label="Loading the customer" />
      ) : (
        <ErrorState title="The customer could not be loaded" error={error} onRetry={() => void refetch()} />
      )}
      <PanelInsight key={customerId} customerId={customerId} snapshot={customer?.insightSnapshot ?? null} />
      <Fold name="contact" title="Contact" aside={customer?.email}>
        {customer && <Identity of={customer} />}
      </Fold>
      <Fold name="orders" title="Orders and shipments" isOpenAtFirst>
        <Orders key={customerId} customerId={customerId} first={3} />
      </Fold>
      <Fold name="tickets" title="Tickets" aside={customer && `${customer.openTicketCount} open`}>
        <Tickets key={customerId} customerId={customerId} />
      </Fold>
      <Fold name="advice" title="What to offer, when to write">
        <Advice key={customerId} customerId={customerId} />
      </Fold>
    </section>
  )
}

function Who({ of: { id, name, isVip, tags } }: { of: CustomerFactsFragment }) {
  return (
    <div className="flex items-center gap-2 p-3">
      <Avatar name={name} className="size-9 text-sm" />
      <div className="min-w-0 flex-1">
        <h2 className="flex items-center gap-1.5 font-semibold">
          <Link
            to="/customers/$customerId"
            params={{ customerId: id }}
            className="truncate hover:text-accent hover:underline"
          >
            {name}
          </Link>
          {isVip && <Badge tone="note">VIP</Badge>}
        </h2>
        {tags.length > 0 && (
          <p className="truncate text-xs text-ink-soft" title={tags.join(', ')}>
            {tags.join(', ')}
          </p>
        )}
      </div>
    </div>
  )
}
