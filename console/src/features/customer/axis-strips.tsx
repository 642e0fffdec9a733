import { formatPercent, words } from '../../shared/format.ts'
import { classes } from '../../ui/classes.ts'
import type { CustomerDnaProfileFragment } from './generated/Insight.ts'
import { isUnknownSegment, segmentName, strengths } from './wording.ts'

type Axis = CustomerDnaProfileFragment['axes'][number]
type Membership = Axis['memberships'][number]

/** The axes one below the other, each with where the customer stands: the bar is divided as the memberships are, the largest first. */
export function AxisStrips({ axes, isWide }: { axes: readonly Axis[]; isWide: boolean }) {
  return (
    <ul
      aria-label={`The ${axes.length} axes of behaviour`}
      className={classes('grid gap-x-6 gap-y-2', isWide && 'sm:grid-cols-2 xl:grid-cols-3')}
    >
      {axes.map((axis) => (
        <AxisStrip key={axis.axis} axis={axis} isWide={isWide} />
      ))}
    </ul>
  )
}

function AxisStrip({ axis: { axis, dominant, memberships, strength }, isWide }: { axis: Axis; isWide: boolean }) {
  const isKnown = !isUnknownSegment(dominant.name)
  const sorted = memberships.toSorted((a, b) => b.membership - a.membership)
  const [first, second] = sorted
  return (
    <li className="flex flex-col gap-1" title={isKnown ? dominant.description : undefined}>
      <div className="flex items-baseline justify-between gap-2 text-xs">
        <span className="shrink-0 text-ink-soft">{words(axis)}</span>
        <span className="sr-only">: </span>
        {isKnown ? (
          <span className="min-w-0 truncate">
            <span className="font-medium">{segmentName(dominant.name)}</span>{' '}
            <span className="text-ink-soft tabular-nums">{formatPercent(first?.membership ?? 0)}</span>
            <span className="sr-only">, {strengths[strength]}</span>
          </span>
        ) : (
          <span className="text-ink-faint italic">Not enough data</span>
        )}
      </div>
      <Strip memberships={isKnown ? sorted : []} />
      {isWide && isKnown && second && second.membership >= 0.1 && (
        <span className="text-xs text-ink-faint">
          also {segmentName(second.segment.name)} {formatPercent(second.membership)}
        </span>
      )}
    </li>
  )
}

const shades = ['opacity-100', 'opacity-45', 'opacity-25']

function Strip({ memberships }: { memberships: readonly Membership[] }) {
  if (memberships.length === 0)
    return <span aria-hidden className="h-1.5 rounded-full border border-dashed border-line-strong/60" />
  return (
    <span aria-hidden className="flex h-1.5 gap-px overflow-hidden rounded-full bg-raised">
      {memberships.slice(0, 3).map(({ segment, membership }, index) => (
        <span
          key={segment.id}
          className={classes('h-full bg-accent', shades[index])}
          style={{ width: `${membership * 100}%` }}
        />
      ))}
    </span>
  )
}
