import { Users } from 'lucide-react'
import { EmptyState, ErrorState, Missing, Skeleton } from '../../ui/state.tsx'
import { CustomerTable, type CustomerRow } from './customer-table.tsx'

/** Customers that were found; or why there are none. */
export function CustomerResults({
  customers,
  isLoading,
  error,
  onRetry,
  empty,
  hint,
}: {
  customers: readonly CustomerRow[] | undefined
  isLoading: boolean
  error: unknown
  onRetry: () => void
  empty: string
  /** What to do about it. */
  hint?: string
}) {
  if (!customers)
    return isLoading ? (
      <Skeleton className="h-64" label="Loading customers" />
    ) : (
      <ErrorState error={error} onRetry={onRetry} />
    )
  if (customers.length === 0)
    return isLoading ? (
      <Skeleton className="h-64" label="Loading customers" />
    ) : (
      <EmptyState icon={Users} title={empty}>
        {hint}
      </EmptyState>
    )
  return (
    <>
      {error !== undefined && <Missing what="Some of what is known of these customers" />}
      <CustomerTable customers={customers} isStale={isLoading} />
    </>
  )
}
