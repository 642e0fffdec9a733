import { formatMoney, formatNumber, formatPercent } from '../../shared/format.ts'
import { FactorList } from './factor-list.tsx'
import type { CustomerValueFragment } from './generated/Insight.ts'
import { IntervalBar } from './interval-bar.tsx'

/** What the customer is expected to spend, and has spent. */
export function Value({ value }: { value: CustomerValueFragment }) {
  const { amount, interval, historic, months, expectedOrders } = value
  const high = Number(interval.high.amount)
  const inCurrency = (figure: number) => formatMoney({ amount: String(figure), currencyCode: amount.currencyCode })
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col gap-1.5">
        <p className="flex items-baseline gap-2">
          <span className="text-xl font-semibold tabular-nums">{formatMoney(amount)}</span>
          <span className="text-sm text-ink-soft">in {months} months</span>
        </p>
        <IntervalBar
          value={Number(amount.amount)}
          low={Number(interval.low.amount)}
          high={high}
          to={Math.max(high * 1.1, Number(amount.amount))}
        />
        <p className="text-xs text-ink-soft">
          {formatPercent(interval.level)} interval: {formatMoney(interval.low)} to {formatMoney(interval.high)}; about{' '}
          {formatNumber(expectedOrders, 1)} days with a purchase.
        </p>
      </div>
      <p className="flex items-baseline justify-between gap-2 rounded-md bg-raised px-2 py-1.5 text-sm">
        <span className="text-ink-soft">Spent so far</span>
        <span className="font-semibold tabular-nums">{formatMoney(historic)}</span>
      </p>
      <FactorList of={value} label="What moves the forecast" format={inCurrency} sumLabel="Forecast" />
    </div>
  )
}
