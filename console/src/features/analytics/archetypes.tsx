import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { formatMoney, formatPercent } from '../../shared/format.ts'
import { ChartTable } from '../../ui/chart-table.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { useChoice } from './address.ts'
import { ChoiceField } from './choice-field.tsx'
import { countOf, percentOf } from './figures.ts'
import { AnalyticsArchetypesDocument } from './generated/Customers.ts'
import { Card } from './part-frame.tsx'

const levels = [
  { value: 'STRENGTH', label: 'four axes' },
  { value: 'TENDENCY', label: 'three axes' },
  { value: 'EMERGING', label: 'two axes' },
] as const

/** The kinds of customers, the largest first, each with a way to its customers. */
export function Archetypes() {
  const [level, choose] = useChoice(
    'level',
    levels.map(({ value }) => value),
  )
  const { data, loading } = useQuery(AnalyticsArchetypesDocument, { variables: { level } })
  const archetypes = data?.archetypes
  return (
    <Card>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-sm font-medium">Archetypes</h3>
        <ChoiceField label="Told by" value={level} onChoose={choose} options={levels} />
      </div>
      {!archetypes ? (
        loading ? (
          <Skeleton className="h-40" label="Loading archetypes" />
        ) : (
          <Missing what="Archetypes" />
        )
      ) : archetypes.length === 0 ? (
        <p className="text-sm text-ink-soft">There are none of this level yet.</p>
      ) : (
        <ChartTable
          caption="Archetypes"
          isTall
          rows={archetypes}
          columns={[
            {
              name: 'Archetype',
              of: ({ id, name, description }) => (
                <>
                  <Link
                    to="/customers"
                    search={{ way: 'filter', filter: { archetypeId: id } } as never}
                    className="inline-block min-h-6 font-medium hover:text-accent hover:underline"
                  >
                    {name}
                  </Link>
                  <span className="block text-xs text-ink-soft">{description}</span>
                </>
              ),
            },
            { name: 'Customers', of: ({ memberCount }) => countOf(memberCount), isNumber: true },
            { name: 'Share', of: ({ share }) => formatPercent(share), isNumber: true },
            { name: 'Churn risk', of: ({ averageChurnRisk }) => percentOf(averageChurnRisk), isNumber: true },
            {
              name: 'Value of a year',
              of: ({ averageLtv }) => (averageLtv ? formatMoney(averageLtv) : '–'),
              isNumber: true,
            },
          ]}
        />
      )}
    </Card>
  )
}
