import type { Day, Fact } from './facts/fact.ts'
import { isSameCurrency } from './facts/amounts.ts'
import { dayOf, isSameDay } from './facts/dates.ts'
import type { Source } from './records.ts'

const dayMs = 86_400_000
const attributed =
  /\byou(?:'d|'re|'ve)? (?:have |had |also |just |are |were |would |can )?(?:wr[io]te|written|mention|mentioned|said|say|told|tell|gave|given|ask|asked|asking|describe|described|report|reported|receive|received|want|wanted|need|like|prefer|order|ordered|sent|send|share|shared|wait|waited|waiting|been waiting|expected|paid)\b|\byour (?:message|e-?mail|note|words|question|photo|request|new address)\b|\b(?:cannot|can't|could not|couldn't|did not|didn't|do not|don't|not|no order)\b.{0,30}\b(?:find|found|see|order|match)|\?\s*$/i
const past =
  /\b(?:last time|back then|in the past|when you (?:wrote|contacted)|(?:in|for|about) your (?:last|earlier|previous))\b/i
const future =
  /\b(?:will|'ll|shall|going to|about to|ships|leaves|departs|comes|goes out|(?:is|are) (?:leaving|shipping|coming|arriving))\b/i
const lasting = /\b(?:always|again|also|now|will|'ll|can|from now on|as (?:before|usual))\b/i

/** "As we wrote": what was done is told in words of an earlier message. */
const asWritten =
  /\b(?:as|like) (?:i|we|·+|my colleagues?|our (?:team|colleagues?)|promised|mentioned|confirmed)\b|\b(?:i|we|·+|my colleagues?|our (?:team|colleagues?)) (?:(?:have|had|already|just|also) )*(?:wrote|written|said|told|mentioned|confirmed|promised|informed|let you know|explained)\b|\b(?:my|our|the) (?:last|earlier|previous|first) (?:message|e-?mail|reply|note)\b/i

/** Whether a sentence says that something is of an earlier message of ours. */
export const isAsWritten = (text: string): boolean => asWritten.test(text)
/** Whether a sentence says that something is the customer's word, or asks. */
export const isAttributed = (text: string): boolean => attributed.test(text)
/** What was done for an earlier ticket is told, not done again. */
export const isOfThePast = (text: string): boolean => past.test(text) && !lasting.test(text)

/**
 * Whether a record shows a fact as a sentence states it. A customer's word shows what the customer said and no more; what was done
 * for an earlier ticket was done then.
 */
export function supports(fact: Fact, source: Source, { text, now }: { text: string; now: Date }): boolean {
  if (source.voice === 'CUSTOMER' && (fact.kind === 'PERCENT' || fact.kind === 'STATUS' || !isAttributed(text)))
    return false
  if (source.source === 'PAST_TICKET' && !isOfThePast(text)) return false
  if (fact.kind === 'STATUS' && (source.policy || (source.source === 'MESSAGE' && !isAsWritten(text)))) return false
  switch (fact.kind) {
    case 'AMOUNT':
      return source.amounts.some(
        ({ value, currency }) => value === fact.value && isSameCurrency(currency, fact.currency),
      )
    case 'PERCENT':
      return source.facts.some((one) => one.kind === 'PERCENT' && one.value === fact.value)
    case 'NUMBER':
      return source.numbers.has(fact.value)
    case 'REFERENCE':
      return source.references.has(fact.value) || source.text.replace(/[#\s_-]/g, '').includes(fact.value)
    case 'DAY':
      return fact.days.some((day) =>
        source.days.some((known) => isSameDay(day, known) && (known.day !== null || day.day === null)),
      )
    case 'WEEKDAY':
      return (
        source.days.some((day) => weekdayOf(day) === fact.weekday) ||
        source.facts.some((one) => one.kind === 'WEEKDAY' && one.weekday === fact.weekday)
      )
    case 'RELATIVE':
      return (
        source.facts.some((one) => one.kind === 'RELATIVE' && one.text.toLowerCase() === fact.text.toLowerCase()) ||
        (fact.offset !== null && fact.offset <= 0 && !future.test(text) && hasDay(source, now, -fact.offset))
      )
    case 'SPAN':
      return isSpanShown(fact, source, now)
    case 'STATUS':
      return (
        source.statuses.has(fact.status) ||
        source.facts.some((one) => one.kind === 'STATUS' && one.status === fact.status)
      )
    default:
      return holds(fact, source)
  }
}

/** By its words. */
function holds({ kind, value }: Extract<Fact, { value: string }>, source: Source): boolean {
  const bare = (text: string) => (kind === 'PHONE' || kind === 'ADDRESS' ? text.replace(/[^\p{L}\d]/gu, '') : text)
  return bare(kind === 'TIME' ? source.text.replace(/[ .]/g, '') : source.text).includes(value)
}

function isSpanShown(fact: Extract<Fact, { kind: 'SPAN' }>, source: Source, now: Date): boolean {
  const stated = source.facts.some(
    (one) =>
      one.kind === 'SPAN' &&
      one.unit === fact.unit &&
      ((one.least === fact.least && one.most === fact.most) || (fact.least === fact.most && one.most === fact.most)),
  )
  if (stated) return true
  if (source.source === 'PROFILE') return fact.unit === 'DAY' && source.numbers.has(fact.most)
  const days = { MINUTE: 0, HOUR: 0, DAY: 1, WEEK: 7, MONTH: 30, YEAR: 365 }[fact.unit] * Number(fact.most)
  return fact.isAgo && days > 0 && hasDay(source, now, days)
}

const hasDay = (source: Source, now: Date, before: number): boolean =>
  source.days.some((day) => isSameDay(day, dayOf(new Date(now.getTime() - before * dayMs))))

function weekdayOf({ year, month, day }: Day): number | null {
  return year === null || month === null || day === null ? null : new Date(Date.UTC(year, month - 1, day)).getUTCDay()
}
