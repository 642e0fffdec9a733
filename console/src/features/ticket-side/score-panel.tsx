import { formatNumber, words } from '../../shared/format.ts'
import { Ago } from '../../shared/now.tsx'
import { classes } from '../../ui/classes.ts'
import type { TicketSideScoreFragment } from './generated/Headline.ts'
import { shownParts } from './shown-parts.ts'
import { SidePanel } from './side-panel.tsx'

type Component = TicketSideScoreFragment['components'][number]

/** Why the ticket stands where it stands: every part of its score, adding up as shown. */
export function ScorePanel({ score }: { score: TicketSideScoreFragment }) {
  const { components, formula, insightAsOf } = score
  const shown = shownParts(components.map(({ points }) => points))
  const most = Math.max(1, ...components.map(({ points }) => Math.abs(points)))
  const rows = components
    .map((component, index) => ({ component, points: shown.parts[index] ?? '0' }))
    .toSorted((a, b) => Math.abs(b.component.points) - Math.abs(a.component.points))
  return (
    <SidePanel name="score" title="Smart score" summary={<span className="tabular-nums">{shown.total}</span>}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">The parts of the score</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Points</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ component, points }) => (
            <Part key={component.name} component={component} points={points} most={most} />
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line-strong/60 font-semibold">
            <th scope="row" className="pt-1 text-left">
              Total
            </th>
            <td className="pt-1 text-right tabular-nums">{shown.total}</td>
          </tr>
        </tfoot>
      </table>
      <p className="mt-1 text-xs text-ink-faint">
        Formula “{formula.version}”.{' '}
        {insightAsOf ? (
          <>
            Figures of the customer from <Ago at={insightAsOf} />.
          </>
        ) : (
          'Nothing was known of the customer.'
        )}
      </p>
    </SidePanel>
  )
}

const names: Partial<Record<Component['name'], string>> = {
  AGE: 'Waiting',
  SLA_PRESSURE: 'SLA pressure',
  URGENCY: 'Priority',
}

function Part({ component, points, most }: { component: Component; points: string; most: number }) {
  const isNothing = component.points === 0
  return (
    <tr className={classes('align-top', isNothing && 'text-ink-faint')}>
      <th scope="row" className="w-full py-1 pr-3 text-left font-normal">
        {names[component.name] ?? words(component.name)}
        <span className="block text-xs text-ink-faint">
          {component.explanation}
          {!isNothing && component.input !== null && (
            <span className="whitespace-nowrap">
              {' '}
              Weight {formatNumber(component.weight, 2)}, input {formatNumber(component.input, 2)}.
            </span>
          )}
        </span>
        {!isNothing && (
          <span aria-hidden className="mt-1 block h-1 rounded-full bg-raised">
            <span
              className={classes('block h-1 rounded-full', component.points < 0 ? 'bg-bad' : 'bg-accent')}
              style={{ width: `${Math.max(2, (Math.abs(component.points) / most) * 100)}%` }}
            />
          </span>
        )}
      </th>
      <td className="py-1 text-right whitespace-nowrap tabular-nums">
        {component.points > 0 ? `+${points}` : points.replace('-', '−')}
      </td>
    </tr>
  )
}
