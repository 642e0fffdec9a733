import { classes } from '../../ui/classes.ts'
import { rowsOf, sumOf, type Additive, type FactorRow } from './factors.ts'
import { featureName } from './wording.ts'

/** What moves a figure, as bars to both sides of nought; baseline and contributions add up to the sum. */
export function FactorList({
  of,
  label,
  format,
  sumLabel,
}: {
  of: Additive
  label: string
  format: (amount: number) => string
  sumLabel: string
}) {
  const rows = rowsOf(of, featureName)
  if (rows.length === 0)
    return (
      <p className="text-xs text-ink-faint">
        No single factors: this comes from a model that reads how often and how lately they buy, as a whole.
      </p>
    )
  const signed = (amount: number) => `${amount < 0 ? '−' : '+'}${format(Math.abs(amount))}`
  return (
    <div className="flex flex-col gap-1.5">
      <ul aria-label={label} className="flex flex-col gap-2">
        {rows.map((row) => (
          <FactorItem key={row.key} row={row} amount={signed(row.amount)} />
        ))}
      </ul>
      <dl className="grid grid-cols-[1fr_auto] gap-x-3 border-t border-line pt-1.5 text-xs text-ink-soft tabular-nums">
        <dt>Where everybody begins</dt>
        <dd className="text-right">{signed(of.baseline)}</dd>
        {of.otherContribution !== 0 && (
          <>
            <dt>All else</dt>
            <dd className="text-right">{signed(of.otherContribution)}</dd>
          </>
        )}
        <dt className="font-medium text-ink">{sumLabel}</dt>
        <dd className="text-right font-medium text-ink">{sumOf(of) < 0 ? signed(sumOf(of)) : format(sumOf(of))}</dd>
      </dl>
    </div>
  )
}

function FactorItem({ row, amount }: { row: FactorRow; amount: string }) {
  return (
    <li className="flex flex-col gap-0.5">
      <div className="grid grid-cols-[1fr_5rem_4.5rem] items-center gap-2 text-xs">
        <span className="truncate font-medium" title={row.label}>
          {row.label}
        </span>
        <SignedBar share={row.share} />
        <span className={classes('text-right font-medium tabular-nums', row.amount < 0 ? 'text-note' : 'text-accent')}>
          {amount}
        </span>
      </div>
      {row.explanation && <p className="text-xs text-ink-soft">{row.explanation}</p>}
    </li>
  )
}

function SignedBar({ share }: { share: number }) {
  const width = `${Math.abs(share) * 50}%`
  return (
    <span aria-hidden className="relative block h-2 rounded-sm bg-raised">
      <span
        className={classes('absolute inset-y-0 rounded-sm', share < 0 ? 'right-1/2 bg-note' : 'left-1/2 bg-accent')}
        style={{ width }}
      />
      <span className="absolute inset-y-[-2px] left-1/2 w-px bg-line-strong" />
    </span>
  )
}
