import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { formatMoney, formatPercent, words } from '../../shared/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { classes } from '../../ui/classes.ts'
import type { CustomerRowFragment, CustomerRowInsightFragment } from './generated/Search.ts'
import { toneOfRisk, toneOfStage } from './wording.ts'

export type CustomerRow = CustomerRowFragment & CustomerRowInsightFragment

type Column = { name: string; isNumber?: boolean; of: (row: CustomerRow) => ReactNode }

const columns: Column[] = [
  {
    name: 'Churn risk',
    of: ({ churnRisk }) =>
      churnRisk && (
        <span className="flex items-center gap-2">
          <span className="w-9 text-right tabular-nums">{formatPercent(churnRisk.score)}</span>
          <Badge tone={toneOfRisk[churnRisk.level]}>{words(churnRisk.level)}</Badge>
        </span>
      ),
  },
  { name: 'At risk', isNumber: true, of: ({ churnRisk }) => churnRisk && formatMoney(churnRisk.revenueAtRisk) },
  { name: 'Value of a year', isNumber: true, of: ({ ltvForecast }) => ltvForecast && formatMoney(ltvForecast.amount) },
  {
    name: 'Archetype',
    of: ({ dna }) =>
      dna && (
        <span className="block max-w-56 truncate" title={dna.archetype.name}>
          {dna.archetype.name}
        </span>
      ),
  },
  {
    name: 'Stage',
    of: ({ lifecycle }) => lifecycle && <Badge tone={toneOfStage(lifecycle)}>{words(lifecycle)}</Badge>,
  },
  { name: 'Orders', isNumber: true, of: ({ behavior }) => behavior?.totalOrders },
  {
    name: 'Last purchase',
    isNumber: true,
    of: ({ behavior }) => {
      const days = behavior?.daysSinceLastPurchase
      return days === undefined || days === null ? null : days === 0 ? 'today' : `${days} d ago`
    },
  },
  { name: 'Open tickets', isNumber: true, of: ({ openTicketCount }) => openTicketCount },
]

/** Customers, one a row. What Intelligence would say is a dash where it says nothing. */
export function CustomerTable({ customers, isStale }: { customers: readonly CustomerRow[]; isStale: boolean }) {
  return (
    <div className={classes('overflow-x-auto rounded-lg border border-line bg-surface', isStale && 'opacity-60')}>
      <table className="w-full text-sm" aria-busy={isStale || undefined}>
        <caption className="sr-only">Customers</caption>
        <thead className="bg-raised text-left text-xs text-ink-soft">
          <tr>
            <th scope="col" className="px-3 py-2 font-medium">
              Customer
            </th>
            {columns.map(({ name, isNumber }) => (
              <th
                key={name}
                scope="col"
                className={classes('px-3 py-2 font-medium whitespace-nowrap', isNumber && 'text-right')}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {customers.map((customer) => (
            <tr key={customer.id} className="hover:bg-raised/60">
              <th scope="row" className="px-3 py-1.5 text-left font-normal">
                <Name of={customer} />
              </th>
              {columns.map(({ name, isNumber, of }) => (
                <td
                  key={name}
                  className={classes('px-3 py-1.5 whitespace-nowrap', isNumber && 'text-right tabular-nums')}
                >
                  {of(customer) ?? <Unknown />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Name({ of: { id, name, email, phone, isVip } }: { of: CustomerRow }) {
  return (
    <>
      <span className="flex items-center gap-1.5">
        <Link
          to="/customers/$customerId"
          params={{ customerId: id }}
          className="inline-block min-h-6 max-w-64 truncate font-medium hover:text-accent hover:underline"
        >
          {name}
        </Link>
        {isVip && <Badge tone="note">VIP</Badge>}
      </span>
      <span className="block max-w-64 truncate text-xs text-ink-soft" title={email ?? phone ?? undefined}>
        {email ?? phone}
      </span>
    </>
  )
}

function Unknown() {
  return (
    <span className="text-ink-faint">
      <span aria-hidden>–</span>
      <span className="sr-only">unknown</span>
    </span>
  )
}
