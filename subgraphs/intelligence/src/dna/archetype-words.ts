import { actionRules } from './advice.ts'
import type { Archetype, Segment } from './model.ts'
import { segmentName } from './segment-names.ts'

type Averages = Pick<Archetype, 'averageLtv' | 'averageChurnRisk'>
type Words = Pick<Archetype, 'name' | 'description' | 'traits' | 'recommendedActions'>

const mostActions = 4

/** Name, description, traits and actions of an archetype, from its segments and from what its customers are worth. */
export function describeArchetype(
  segments: readonly Segment[],
  averages: Averages,
  averageLtvOfAll: number | null,
): Words {
  const traits = segments.flatMap(({ axis, name }) => segmentName(axis, name)?.words ?? [])
  return {
    name: nameOf(segments),
    description: traits.length > 0 ? sentence(traits) : 'Customers of whom too little is known to tell them apart.',
    traits,
    recommendedActions: actionsFor(segments, averages, averageLtvOfAll),
  }
}

/** "Rising premium regular buyers": adjectives in the order of the tree, then the noun that frequency gives. */
function nameOf(segments: readonly Segment[]): string {
  const wordOf = ({ axis, name }: Segment) => segmentName(axis, name)?.adjective ?? ''
  const isNoun = ({ axis }: Segment) => axis === 'PURCHASE_FREQUENCY'
  const adjectives = segments.filter((segment) => !isNoun(segment)).map(wordOf)
  const noun = segments.filter(isNoun).map(wordOf).join('') || 'customers'
  const words = [...adjectives, noun].filter((word) => word !== '').join(' ')
  return words === 'customers' ? 'All customers' : words[0]!.toUpperCase() + words.slice(1)
}

/** "Buys often, spends little and keeps what was bought." */
function sentence(traits: readonly string[]): string {
  const [first = '', ...rest] = traits.map((trait, i) => (i === 0 ? trait : trait[0]!.toLowerCase() + trait.slice(1)))
  const last = rest.pop()
  return `${[first, ...rest].join(', ')}${last ? ` and ${last}` : ''}.`
}

function actionsFor(segments: readonly Segment[], averages: Averages, averageLtvOfAll: number | null): string[] {
  const bySegment = actionRules.filter(({ axis, names }) =>
    segments.some((segment) => segment.axis === axis && names.includes(segment.name)),
  )
  const all = [...byWorth(averages, averageLtvOfAll), ...bySegment.map(({ text }) => text)]
  return all.length > 0 ? all.slice(0, mostActions) : ['Keep them served well; learn more before acting.']
}

function byWorth({ averageLtv, averageChurnRisk }: Averages, averageLtvOfAll: number | null): string[] {
  if (averageLtv === null || averageChurnRisk === null || averageLtvOfAll === null) return []
  const worthMore = averageLtv > averageLtvOfAll
  if (averageChurnRisk >= 0.6)
    return [
      worthMore
        ? 'Reach out in person: they are worth more than most and likely to leave.'
        : 'Win back by cheap means only: they are likely to leave and worth less than most.',
    ]
  return averageChurnRisk < 0.3 && worthMore
    ? ['Protect what works: they are worth more than most and likely to stay.']
    : []
}
