import type { StatusWord } from '../facts/fact.ts'
import { isPossible } from '../facts/statuses.ts'
import type { Finding } from '../problems.ts'
import type { Source } from '../records.ts'
import type { Read, Rule } from '../reading.ts'
import { isAsWritten, isOfThePast } from '../support.ts'

const verbs =
  'refunded|reimbursed|credited|issued|sent|shipped|dispatched|reshipped|resent|posted|mailed|emailed|e-mailed|replaced|exchanged|cancelled|canceled|changed|updated|corrected|amended|applied|approved|granted|processed|initiated|started|opened|filed|escalated|forwarded|passed|notified|informed|contacted|arranged|booked|scheduled|reserved|upgraded|waived|removed|deleted|erased|closed|reset|unlocked|activated|added|transferred|paid|placed|put|created|generated|extended|asked|spoken|called|completed|finali[sz]ed|stopped|blocked|authori[sz]ed|redirected|rerouted|attached'
const active = new RegExp(
  String.raw`\b(?:i|we|(?:our|the|my) (?:\w{1,20} )?(?:team|warehouse|manager|supervisor|boss|ceo|colleagues?|department))(?:'ve|'s| have| has| had| just| already| now| also| both| personally| successfully| immediately| gone ahead and| been able to){0,4} (${verbs})\b`,
  'gi',
)
const passive = new RegExp(
  String.raw`\b(?:refund|money|amount|replacement|order|address|credit|voucher|discount|code|label|return|payment|account|request|case|claim|parcel|package|item|it|this|that|everything|subscription|exchange|compensation|details|·{1,60})\b[^.;:!?]{0,40}? (?:has|have|had|was|were|is|are)(?: (?:now|already|just|also|been|being|successfully|fully))* (${verbs})\b`.replace(
    '))*',
    ')){0,4}',
  ),
  'gi',
)
const under =
  /\b(?:refund|replacement|credit|voucher|new one|money)\b.{0,30}\b(?:is|are) (?:now |already )?(?:on (?:its|the|their) way|complete|done|confirmed|pending|under ?way|processing|in progress)\b/gi

/** The customer as who something was done for, and words without a subject. */
const done =
  /\byou(?:'ve| have|'re| are| were)(?: now| already| just| also| fully| successfully)* (?:been (?:\w{1,15}ly )?)?(refunded|reimbursed|credited|compensated|upgraded|granted)\b|^(?:(?:already|fully|all|your|the|full) )*(?:(?:refund|replacement|credit|voucher|cancellation|return) )?(?:already |now |just |fully )*(refunded|reimbursed|credited|issued|approved|granted|cancell?ed|processed)\b/gi
/** What one of us is said to have said. */
const claimed =
  /\bas (?!you\b|it |(?:our|the|your|this) (?:\w{1,15} )?(?:polic|terms|rules))(?:(?!you )[\p{L}·']{1,60} ){0,3}(?:already |had |have |has |just )*(?:said|wrote|written|told|promised|agreed|confirmed|informed|assured|explained|mentioned|approved)\b(?! in your| by you)/iu
/** Nothing was done without one of these words after a space. */
const hint = new RegExp(String.raw`(?:^| )(?:${verbs}|compensated)\b`, 'i')

const byStatus: Readonly<Record<string, StatusWord>> = {
  refunded: 'REFUNDED',
  reimbursed: 'REFUNDED',
  credited: 'REFUNDED',
  issued: 'REFUNDED',
  processed: 'REFUNDED',
  sent: 'SHIPPED',
  shipped: 'SHIPPED',
  dispatched: 'SHIPPED',
  posted: 'SHIPPED',
  mailed: 'SHIPPED',
  cancelled: 'CANCELLED',
  canceled: 'CANCELLED',
  paid: 'PAID',
}
const another = /\b(?:replacement|label|voucher|code|new one|e-?mail|credit|another|gift|link|reship\w*)\b/i

/** What is said to have been done; `isRule`: as something usual, as policies do. */
type Deed = { found: string; verb: string; isRule: boolean }

function deedsIn(text: string): Deed[] {
  const patterns = hint.test(text) ? [active, passive, under, done] : [under]
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): Deed[] => {
      const { 0: found, index } = match
      const verb = match[1] ?? match[2] ?? ''
      if (isPossible(text, index + found.length - verb.length)) return []
      const isRule = pattern === passive && / (?:is|are) [^ ]+$/i.test(found)
      return [{ found, verb: verb.toLowerCase() || 'refunded', isRule }]
    }),
  )
}

/** What is said to have been done, and which no record shows; what is said to have been said. */
export const deeds: Rule = (read) => [
  ...deedsIn(read.rest)
    .filter((deed) => !isShown(deed, read))
    .map(({ found }): Finding => ({ code: 'DEED', detail: found })),
  ...claims(read),
]

function claims({ rest, cited }: Read): Finding[] {
  const found = claimed.exec(rest)?.[0]
  const isOurs = cited.some(({ voice, source }) => voice === 'OURS' && (source === 'MESSAGE' || isOfThePast(rest)))
  return found === undefined || isOurs ? [] : [{ code: 'DEED', detail: found }]
}

function isShown({ verb, isRule }: Deed, read: Read): boolean {
  const { cited, rest } = read
  const status = byStatus[verb]
  const isThis = (source: Source) =>
    status !== undefined &&
    !(status === 'SHIPPED' && another.test(rest)) &&
    source.statuses.has(status) &&
    (status !== 'REFUNDED' || isRefundOf(source, read))
  const isOrdered = (source: Source) => (verb === 'placed' || verb === 'put') && source.order !== null
  const isTold = ({ source, voice, text, policy }: Source) => {
    if (policy !== null) return isRule && text.includes(verb)
    if (voice !== 'OURS') return false
    return source === 'MESSAGE'
      ? isAsWritten(rest) && deedsIn(text).some((told) => told.verb === verb)
      : isOfThePast(rest) && text.includes(verb)
  }
  return cited.some((source) => isThis(source) || isOrdered(source) || isTold(source))
}

/** Of the sum that was refunded, and in full only where it was. */
function isRefundOf({ order }: Source, { facts, rest }: Read): boolean {
  const refunded = Number(order?.refunded?.amount ?? 0)
  const sums = facts.flatMap((fact) => (fact.kind === 'AMOUNT' ? [Number(fact.value)] : []))
  const isWhole = /\b(?:full|fully|whole|entire|all|complete(?:ly)?)\b/i.test(rest)
  return (sums.length === 0 || sums.includes(refunded)) && (!isWhole || refunded >= Number(order?.total.amount))
}
