import type { Fact } from '../facts/fact.ts'
import type { Known } from '../known.ts'
import type { Finding, ProblemCode } from '../problems.ts'
import { isQuoted } from '../quotes.ts'
import type { Read, Rule } from '../reading.ts'
import { supports } from '../support.ts'
import { isCommitted } from './promises.ts'
import { isOffered } from './remedies.ts'

const timely = new Set<Fact['kind']>(['DAY', 'WEEKDAY', 'RELATIVE', 'SPAN', 'TIME'])

/** Each cite is of a record of the situation, and says what that says. */
export const cites: Rule = ({ sentence }, { sources, names, situation }) =>
  sentence.cites.flatMap((cite): Finding[] => {
    const source = sources.of(cite)
    if (!source) return [{ code: 'UNKNOWN_RECORD', detail: `${cite.source} ${cite.id}` }]
    return isQuoted(cite.quote, source, { names, now: situation.now })
      ? []
      : [{ code: 'UNKNOWN_RECORD', detail: `${cite.source} says no "${cite.quote}"` }]
  })

/** Each fact is shown by a record that the sentence cites. */
export const grounds: Rule = (read, known) =>
  read.facts.flatMap((fact): Finding[] => {
    if (isCourtesy(fact, read)) return []
    const asked = { text: read.text, now: known.situation.now }
    if (read.cited.some((source) => supports(fact, source, asked)) || isOffered(fact, read, known)) return []
    return [{ code: codeOf(fact, read, known), detail: fact.text }]
  })

function codeOf(fact: Fact, read: Read, { sources, situation }: Known): ProblemCode {
  const asked = { text: read.text, now: situation.now }
  if (sources.all().some((source) => supports(fact, source, asked))) return 'UNCITED'
  return timely.has(fact.kind) && isCommitted(read.text) ? 'PROMISE' : 'INVENTED'
}

/** "How can I help you today?" states nothing. */
const isCourtesy = (fact: Fact, { text, rest }: Read): boolean =>
  (fact.kind === 'RELATIVE' && fact.text.toLowerCase() === 'today' && !isCommitted(text)) ||
  (fact.kind === 'SPAN' && /\b(?:all|any|every) (?:the )?day\b/i.test(rest))
