import { formatPercent } from '../../shared/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { classes } from '../../ui/classes.ts'
import { AxisStrips } from './axis-strips.tsx'
import type { CustomerDnaProfileFragment } from './generated/Insight.ts'
import { levels } from './wording.ts'

/** What kind of customer: the archetype in words, and the 14 axes that it comes from. */
export function Dna({ dna, isWide = false }: { dna: CustomerDnaProfileFragment; isWide?: boolean }) {
  const { archetype, axes, confidence } = dna
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col gap-1">
        <p className={classes('font-semibold', isWide && 'text-base')}>{archetype.name}</p>
        <p className="flex flex-wrap items-center gap-1.5 text-xs text-ink-soft">
          <Badge tone="accent">{levels[archetype.level]}</Badge>
          <span>Profile {formatPercent(confidence)} clear</span>
        </p>
        <p className="text-sm text-ink-soft">{archetype.description}</p>
      </div>
      <AxisStrips axes={axes} isWide={isWide} />
      {isWide && archetype.recommendedActions.length > 0 && (
        <div>
          <h3 className="mb-1 text-sm font-medium">What suits this kind of customer</h3>
          <ul className="list-disc pl-5 text-sm text-ink-soft">
            {archetype.recommendedActions.map((action) => (
              <li key={action}>{action}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
