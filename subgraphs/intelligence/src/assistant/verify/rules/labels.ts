import { segmentNames } from '../../../dna/segment-names.ts'
import type { Known } from '../known.ts'
import { escaped, plain } from '../plain.ts'
import type { Read } from '../reading.ts'

/** What customers are when one speaks about them. */
const nouns =
  'customer|buyer|shopper|client|consumer|purchaser|spender|hunter|seeker|returner|refunder|regular|whale|newcomer|explorer|specialist|enthusiast|replenisher|omnivore|loyalist'
const lifecycles = 'new|active|inactive|loyal|at[- ]risk|lapsed|won[- ]back|dormant|churn(?:ed|ing)|cooling|declining'
/** Models of other makers name groups in other words. */
const usual =
  'fading|first[- ]time|repeat|deal|bargain|high|low|value|price[- ]sensitive|price[- ]conscious|impulse|seasonal|frequent|serial|problem|difficult'

const segments = Object.values(segmentNames).flatMap((names) =>
  names.flatMap(({ name, adjective }) => [name, adjective.replace(/ buyers$/, '')]),
)
const adjectives = [...new Set(segments.map((words) => words.split(/[-_ ]/).map(escaped).join('[- ]')))]
  .sort((a, b) => b.length - a.length)
  .concat(lifecycles, usual)
  .join('|')

const hasNoun = new RegExp(String.raw`\b(?:${nouns})s?\b`, 'i')
/** "rising premium regular buyers", "loyal customer". */
const group = new RegExp(
  String.raw`\b(?:${adjectives})(?:,? (?:and )?(?:${adjectives})){0,6}[- ](?:${nouns})s?\b(?! (?:service|care|support|reviews?|account|number))`,
  'i',
)
const verbs = 'flagged|classed|classified|categori[sz]ed|tagged|labell?ed|profiled|segmented|scored|ranked|grouped'
const one = new RegExp(
  String.raw`\byou(?:'re| are|'ve been| have been| were)(?: \w{1,15}ly)? (?:an? |one of |among )(?:our |the )?(?:${nouns})s?(?=[.,;!?]|$| (?:to us|of ours|with us|here)\b)`,
  'i',
)
const called = [
  new RegExp(String.raw`\byou(?:'re| are|'ve been| have been| were) (?:\w{1,15} )?(?:${verbs})\b`, 'i'),
  new RegExp(
    String.raw`\b(?:listed|marked|counted|known|rated|status is|(?:have|see|list|class|rank|file|classify|label|count|rate|score) you)(?: \w{1,6})? ?(?:as|among|in|under|down as)? (?:${lifecycles}|(?:${nouns})s?)\b`,
    'i',
  ),
  /\b(?:customer|buyer|shopper) (?:type|group|tier|category|class)\b|\blife-?cycle\b|\bpersonas?\b|\bcohorts?\b/i,
]

/** What the models call customers like this one, said to the customer. A policy may speak of a group, and is quoted. */
export function labelIn({ rest, text, cited }: Read, known: Known): string | undefined {
  const own = archetypeIn(text, known)
  if (own !== undefined || !/\byou/i.test(rest)) return own
  return [...(hasNoun.test(rest) ? [group, one] : []), ...called]
    .map((pattern) => pattern.exec(rest)?.[0])
    .find(
      (found) => found !== undefined && !cited.some(({ policy, text }) => policy && text.includes(found.toLowerCase())),
    )
}

const archetypes = new WeakMap<Known, readonly RegExp[]>()

function archetypeIn(text: string, known: Known): string | undefined {
  const made = archetypes.get(known) ?? namesOf(known.situation.customer?.archetype ?? '')
  archetypes.set(known, made)
  return made.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined)
}

const isEverybody = /^(?:all )?customers?$/i

/** A name in the singular and the plural. A single word is an ordinary one, but as a name: "a Regular", "you are a regular." */
function namesOf(archetype: string): RegExp[] {
  const words = plain(archetype)
    .toLowerCase()
    .split(/[-_\s]+/)
    .filter((word) => word !== '')
  const last = words.pop() ?? ''
  if (last === '' || isEverybody.test([...words, last].join(' '))) return []
  const stem = last.length > 3 ? last.replace(/s$/, '') : last
  const end = String.raw`s?(?![\p{L}\d])`
  if (words.length > 0)
    return [new RegExp(String.raw`(?<![\p{L}\d])${[...words, stem].map(escaped).join('[-_ ]')}${end}`, 'iu')]
  const [initial = '', ...others] = stem
  const capital = escaped(initial.toUpperCase() + others.join(''))
  return [
    new RegExp(String.raw`(?<=[\p{L}\d,;:"'(-] )${capital}${end}`, 'u'),
    new RegExp(
      String.raw`\b(?:as|being|you are|you're)(?: an?| our| one of our| among our)? ${escaped(stem)}${end}(?=[.,;!?]|$| (?:to us|of ours|with us|here)\b)`,
      'iu',
    ),
  ]
}
