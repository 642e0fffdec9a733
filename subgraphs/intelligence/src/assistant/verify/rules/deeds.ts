import type { StatusWord } from '../facts/fact.ts'
import { isPossible } from '../facts/statuses.ts'
import type { Finding } from '../problems.ts'
import type { Source } from '../records.ts'
import type { Read, Rule } from '../reading.ts'
import { isOfThePast } from '../support.ts'

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

/** What is said to have been done, and which no record shows. */
export const deeds: Rule = (read) =>
  [active, passive, under].flatMap((pattern) =>
    [...read.rest.matchAll(pattern)].flatMap(({ 0: found, 1: verb, index }): Finding[] => {
      const end = index + found.length
      if (isPossible(read.rest, end - (verb ?? '').length) || isShown(verb?.toLowerCase() ?? 'refunded', read))
        return []
      return [{ code: 'DEED', detail: found }]
    }),
  )

function isShown(verb: string, read: Read): boolean {
  const { cited, rest } = read
  const status = byStatus[verb]
  const isThis = (source: Source) =>
    status !== undefined &&
    !(status === 'SHIPPED' && another.test(rest)) &&
    source.statuses.has(status) &&
    (status !== 'REFUNDED' || isRefundOf(source, read))
  const isOrdered = (source: Source) => (verb === 'placed' || verb === 'put') && source.order !== null
  const isTold = ({ source, voice, text, policy }: Source) =>
    (policy !== null || (voice === 'OURS' && (source === 'MESSAGE' || isOfThePast(rest)))) && text.includes(verb)
  return cited.some((source) => isThis(source) || isOrdered(source) || isTold(source))
}

/** Of the sum that was refunded, and in full only where it was. */
function isRefundOf({ order }: Source, { facts, rest }: Read): boolean {
  const refunded = Number(order?.refunded?.amount ?? 0)
  const sums = facts.flatMap((fact) => (fact.kind === 'AMOUNT' ? [Number(fact.value)] : []))
  const isWhole = /\b(?:full|fully|whole|entire|all|complete(?:ly)?)\b/i.test(rest)
  return (sums.length === 0 || sums.includes(refunded)) && (!isWhole || refunded >= Number(order?.total.amount))
}
