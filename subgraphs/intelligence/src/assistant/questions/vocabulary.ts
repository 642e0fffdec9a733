import type { SegmentationModel } from '../../dna/model.ts'
import { segmentName } from '../../dna/segment-names.ts'
import type { Part, Rule } from './part.ts'
import { normalized } from './wording.ts'

/** Words that rules of their own read. */
const reserved = new Set(['all customers', 'customers', 'new', 'active', 'loyal', 'recent', 'at risk'])

type Name = { words: string; part: Part }

const escaped = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const bare = (name: string): string => normalized(name.replaceAll('_', ' ')).trim()

/** The longest first, so that a name within a name is not taken for itself. */
const rulesOf = (names: readonly Name[]): Rule[] =>
  [...new Map(names.toReversed().map((name) => [name.words, name])).values()]
    .filter(({ words }) => words.length > 2 && !reserved.has(words))
    .sort((a, b) => b.words.length - a.words.length)
    .map(({ words, part }) => ({
      words: new RegExp(`(?<![\\w§])${escaped(words)}(?:s|es)?(?!\\w)`),
      read: () => [part],
      ...(part.kind === 'segment' && { not: () => [part] }),
    }))

/** The tenant's archetypes by their names; of equal names the coarsest. */
export const archetypeRules = ({ tree }: SegmentationModel): Rule[] =>
  rulesOf(tree.archetypes.map(({ id, name }) => ({ words: bare(name), part: { kind: 'archetype', id } })))

/** The tenant's segments by name and by adjective. */
export const segmentRules = ({ axes }: SegmentationModel): Rule[] =>
  rulesOf(
    axes.flatMap(({ axis, segments }) =>
      segments.flatMap(({ id, name }) =>
        [name, segmentName(axis, name)?.adjective ?? name].map((words): Name => ({
          words: bare(words),
          part: { kind: 'segment', axis, id },
        })),
      ),
    ),
  )
