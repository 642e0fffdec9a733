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

/** "rising premium regular buyers", "loyal customer". */
const group = new RegExp(
  String.raw`\b(?:${adjectives})(?:,? (?:and )?(?:${adjectives})){0,6}[- ](?:${nouns})s?\b(?! (?:service|care|support|reviews?|account|number))`,
  'i',
)
const verbs = 'flagged|classed|classified|categori[sz]ed|tagged|labell?ed|profiled|segmented|scored|ranked|grouped'
const called = [
  new RegExp(
    String.raw`\byou(?:'re| are|'ve been| have been| were)(?: \w{1,15}ly)? (?:an? |one of |among )(?:our |the )?(?:${nouns})s?(?=[.,;!?]|$| (?:to us|of ours|with us|here)\b)`,
    'i',
  ),
  new RegExp(String.raw`\byou(?:'re| are|'ve been| have been| were) (?:\w{1,15} )?(?:${verbs})\b`, 'i'),
  new RegExp(
    String.raw`\b(?:listed|marked|counted|known|rated|status is|(?:have|see|list|class|rank|file|classify|label|count|rate|score) you)(?: \w{1,6})? ?(?:as|among|in|under|down as)? (?:${lifecycles}|(?:${nouns})s?)\b`,
    'i',
  ),
  /\b(?:customer|buyer|shopper) (?:type|group|tier|category|class)\b|\blife-?cycle\b|\bpersonas?\b|\bcohorts?\b/i,
]

/** What the models call customers like this one, said to the customer. A policy may speak of a group, and is quoted. */
export function labelIn({ rest, text, cited }: Read, known: Known): string | undefined {
  const own = archetypeOf(known)?.exec(text)?.[0]
  if (own !== undefined || !/\byou/i.test(rest)) return own
  return [group, ...called]
    .map((pattern) => pattern.exec(rest)?.[0])
    .find((found) => found !== undefined && !cited.some(({ policy, text }) => policy && text.includes(found.toLowerCase())))
}

const archetypes = new WeakMap<Known, RegExp | null>()

function archetypeOf(known: Known): RegExp | null {
  const made = archetypes.get(known) ?? namePattern(known.situation.customer?.archetype ?? '')
  archetypes.set(known, made)
  return made
}

const isEverybody = /^(?:all )?customers?$/i

/** A name in the singular and the plural. One of a single word is an ordinary word, but as a name: "a Regular", "you are a regular." */
function namePattern(archetype: string): RegExp | null {
  const words = plain(archetype).toLowerCase().split(/[-_\s]+/).filter((word) => word !== '')
  const [first = ''] = words
  if (first === '' || isEverybody.test(words.join(' '))) return null
  const last = words.pop()!
  const stem = `${escaped(last.length > 3 ? last.replace(/s$/, '') : last)}s?(?![\\p{L}\\d])`
  if (words.length > 0) return new RegExp(`(?<![\\p{L}\\d])${words.map(escaped).join('[-_ ]')}[-_ ]${stem}`, 'iu')
  const capital = `\\p{Lu}(?<=${escaped([...stem][0]!.toUpperCase())})${escaped([...last].slice(1).join('').replace(/s$/, ''))}s?(?![\\p{L}\\d])`
  const asName = String.raw`(?<=\b(?:as|being|you are|you're)(?: an?| our| one of our| among our)? )(?:${stem})(?=[.,;!?]|$| (?:to us|of ours|with us|here)\b)`
  return new RegExp(`(?<=[\\p{L}\\d,;:"'(-] )${capital}|${asName}`, 'u')
}
