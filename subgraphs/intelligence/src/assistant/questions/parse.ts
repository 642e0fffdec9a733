import type { CustomerQuery } from '../../analytics/filter.ts'
import type { SegmentationModel } from '../../dna/model.ts'
import { combined, type Meant } from './combine.ts'
import type { Part, Rule, Setting } from './part.ts'
import { recencyRules } from './rules-recency.ts'
import { riskRules } from './rules-risk.ts'
import { orderRules, stageFirstRules, stageRules, valueRules } from './rules-value.ts'
import { archetypeRules, segmentRules } from './vocabulary.ts'
import { normalized } from './wording.ts'

/** A question as it was understood; `unclear` are the words that were not, and then the query is not to be run. */
export type Understood = {
  query: CustomerQuery
  notes: string[]
  /** At most so many are wanted. */
  first: number | null
  unclear: string[]
}

/** What changes nothing. A word that is in no list here changes what is asked for. */
const idle = new Set(
  (
    'show me list give get find display search look for all every everyone everybody any the a an of our my your their customers customer buyers ' +
    'buyer shoppers shopper clients client people users those these them they who whom whose which what that with and are is be being been were was ' +
    'have has had do does did also but then please can could you i we us want need would like tell about from in by at on to now currently right ' +
    'there only just still yet however both too how many see some as well , hi hello'
  ).split(' '),
)
const listing = /\b(?:customers?|buyers?|shoppers?|clients?|people|users|everyone|everybody|who)\b/
const before =
  /(?:\b(?:not|no|non|never|without|excluding|except|nor)(?: (?:a|an|the|at|be|been|being|currently|very|any|for|in|also|who|that|are|is|have|has))*) $/
const marker = /^§(\d+)$/

/** Reads a question by rules, the same for the same. Nothing is guessed: what no rule reads is named. Pure. */
export function parseQuestion(question: string, model: SegmentationModel, setting: Setting): Understood {
  const rules = [
    ...[...archetypeRules(model), ...orderRules, ...stageFirstRules, ...recencyRules, ...riskRules],
    ...[...segmentRules(model), ...valueRules, ...stageRules],
  ]
  const asked = normalized(question)
  const { text, meant, refused } = readAll(asked, rules, setting)
  const words = text.split(' ').filter((word) => word !== '')
  const unknown = words.filter((word, at) => !idle.has(word) && !marker.test(word) && !isJoining(words, at, meant))
  const { query, notes, first, conflicts } = combined(meant, model)
  const isEmpty = meant.length === 0 && !listing.test(asked)
  const unclear = [
    ...refused,
    ...phrases(text, unknown),
    ...conflicts,
    ...(isEmpty ? [asked.trim() || question.trim()] : []),
  ]
  return { query, notes, first, unclear: [...new Set(unclear)].filter((words) => words !== '') }
}

type Read = { text: string; meant: Meant[]; refused: string[] }

/** Takes what the rules read out of the text, and leaves a mark where it stood. */
function readAll(asked: string, rules: readonly Rule[], setting: Setting): Read {
  const read: Read = { text: asked, meant: [], refused: [] }
  for (const rule of rules) {
    for (let match = rule.words.exec(read.text); match; match = rule.words.exec(read.text)) {
      const negation = before.exec(read.text.slice(0, match.index))?.[0] ?? ''
      const isNegated = negation !== ''
      const parts = isNegated ? (rule.not?.(match, setting) ?? null) : rule.read(match, setting)
      if (!parts) read.refused.push(`${negation}${match[0]}`.trim())
      const start = match.index - negation.length
      const mark = parts ? `§${read.meant.length}` : ''
      if (parts) read.meant.push({ parts, isNegated })
      read.text = `${read.text.slice(0, start)} ${mark} ${read.text.slice(match.index + match[0].length)}`.replace(
        / {2,}/g,
        ' ',
      )
    }
  }
  return read
}

/** An "or" joins two of one list: only one of them can hold anyway. Between other things it would ask for what no filter says. */
function isJoining(words: readonly string[], at: number, meant: readonly Meant[]): boolean {
  if (words[at] !== 'or') return false
  const [left, right] = [words.slice(0, at).toReversed(), words.slice(at + 1)].map((side) => {
    const found = side.find((word) => !idle.has(word))
    return meant[Number(marker.exec(found ?? '')?.[1] ?? -1)]
  })
  return (
    left !== undefined &&
    right !== undefined &&
    !left.isNegated &&
    !right.isNegated &&
    listOf(left.parts) !== null &&
    listOf(left.parts) === listOf(right.parts)
  )
}

const listOf = ([part]: readonly Part[]): string | null =>
  part?.kind === 'stage' ? 'stage' : part?.kind === 'segment' ? part.axis : null

const mostShown = 8

/** The unknown words as they stood together. */
function phrases(text: string, unknown: readonly string[]): string[] {
  const missed = new Set(unknown)
  const runs: string[][] = [[]]
  for (const word of text.split(' ')) {
    if (missed.has(word)) runs.at(-1)?.push(word)
    else if ((runs.at(-1)?.length ?? 0) > 0) runs.push([])
  }
  return runs
    .filter((run) => run.length > 0)
    .slice(0, mostShown)
    .map((run) => run.slice(0, mostShown).join(' '))
}
