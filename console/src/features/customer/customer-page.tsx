import { useQuery } from '@apollo/client/react'
import { Badge } from '../../ui/badge.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/state.tsx'
import { Advice } from './advice.tsx'
import { Ask } from './ask.tsx'
import { CustomerActions } from './customer-actions.tsx'
import { CustomerFactsNowDocument } from './generated/Facts.ts'
import { Identity } from './identity.tsx'
import { PageInsight } from './page-insight.tsx'
import { Orders } from './orders.tsx'
import { Tickets } from './tickets.tsx'

/** Everything about a customer. */
export function CustomerPage({ customerId }: { customerId: string }) {
  const { data, error, loading, refetch } = useQuery(CustomerFactsNowDocument, {
    variables: { id: customerId },
    fetchPolicy: 'cache-and-network',
  })
  const customer = data?.customer
  if (!customer) {
    return (
      <>
        <PageHeader title="Customer" />
        {loading ? (
          <Skeleton className="m-5 h-40" label="Loading the customer" />
        ) : error ? (
          <ErrorState title="The customer could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : (
          <EmptyState title="There is no such customer">They may have been erased.</EmptyState>
        )}
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={customer.name}
        description={
          <span className="flex flex-wrap items-center gap-2">
            {customer.isVip && <Badge tone="note">VIP</Badge>}
            {customer.email ?? customer.phone ?? 'No address known'}
            <span>
              {customer.openTicketCount} open {customer.openTicketCount === 1 ? 'ticket' : 'tickets'}
            </span>
          </span>
        }
        actions={<CustomerActions customer={customer} />}
      />
      <div className="grid items-start gap-4 p-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <PageInsight customerId={customerId} snapshot={customer.insightSnapshot} />
          <Section title="Ask about them">
            <Ask customerId={customerId} />
          </Section>
        </div>
        <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-1">
          <Section title="Contact">
            <Identity of={customer} isFull />
          </Section>
          <Section title="Tickets">
            <Tickets customerId={customerId} first={10} />
          </Section>
          <Section title="Orders and shipments">
            <Orders customerId={customerId} first={5} />
          </Section>
          <Section title="What to offer, when to write">
            <Advice customerId={customerId} />
          </Section>
        </div>
      </div>
    </>
  )
}
