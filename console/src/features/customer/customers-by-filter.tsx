import { useQuery } from '@apollo/client/react'
import { formatNumber } from '../../shared/format.ts'
import { CustomerResults } from './customer-results.tsx'
import type { WayProps } from './customers-by-name.tsx'
import { FilterForm } from './filter-form.tsx'
import type { Filter } from './filter.ts'
import { CustomersFittingDocument } from './generated/Search.ts'
import { PageTurner, usePageCursor } from './page-turner.tsx'

/** By what Intelligence knows: risk, value, stage, archetype, segments, last purchase. */
export function CustomersByFilter({ address: { filter }, change }: WayProps) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <FilterForm filter={filter} onChange={(next) => change({ filter: next })} />
      <div className="flex min-w-0 flex-col gap-3">
        <Fitting key={JSON.stringify(filter)} filter={filter} />
      </div>
    </div>
  )
}

function Fitting({ filter }: { filter: Filter }) {
  const pages = usePageCursor()
  const { data, previousData, error, loading, refetch } = useQuery(CustomersFittingDocument, {
    variables: { filter, first: 50, after: pages.after },
    fetchPolicy: 'cache-and-network',
  })
  const found = (data ?? previousData)?.queryCustomers
  return (
    <>
      <p role="status" className="text-sm text-ink-soft">
        {found ? countOf(found.totalCount) : loading ? 'Looking…' : 'Intelligence cannot be asked at the moment.'}
      </p>
      <CustomerResults
        customers={found?.nodes}
        isLoading={loading}
        error={error}
        onRetry={() => void refetch()}
        empty="Nobody fits all of this"
      />
      <PageTurner pages={pages} of={found?.pageInfo} />
    </>
  )
}

/** The service counts up to 10,000. */
export const countOf = (count: number): string =>
  count >= 10_000 ? '10,000 customers or more' : `${formatNumber(count)} ${count === 1 ? 'customer' : 'customers'}`
