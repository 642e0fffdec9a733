import { isSameCurrency } from '../facts/amounts.ts'
import type { Known } from '../known.ts'
import type { Finding } from '../problems.ts'
import type { Read, Rule } from '../reading.ts'
import { supports } from '../support.ts'
import { currenciesOf, limitOf, policiesFor, type Remedy, remediesOf } from './remedies.ts'

const commitment =
  /\b(?:will|'ll|shall|going to|expect|guarantee\w{0,2}|promise\w{0,2}|within|by|until|no later than|at the latest|take·?s?|get|receive|refund\w{0,3}|arrives?|ships|leaves|departs|comes|goes out|(?:is|are) (?:leaving|shipping|coming|arriving))\b/i
const vows = [
  /\b(?:guarantee[ds]?|guaranteeing|warrant(?: that| you)|i promise|we promise|promised?(?: you)? that|you have my word|my word on it|i swear|assure you|without fail|100 ?% (?:sure|certain)|rest assured)\b/i,
  /\b(?:(?:accept|admit|assume|acknowledge)\w{0,3} (?:full |all |any |legal |our )*(?:liability|fault|guilt|negligence|responsibility)|legally (?:obliged|bound|entitled|liable)|we are (?:fully |legally )?liable|(?:will|shall) not (?:be )?(?:charged|sue|report)|settle(?:ment)? (?:the|this|your) (?:claim|case))\b/i,
  /\b(?:double|triple|twice|ten times) (?:the|your|what)\b/i,
  /\b(?:for life|lifetime (?:supply|membership|discount|warranty)|forever|unlimited|any amount|no limit|whatever you (?:want|ask)|all (?:your|of your) (?:future |next )?(?:orders|purchases))\b/i,
  /\b(?:promoted|upgraded?) (?:you )?to (?:vip|gold|platinum|premium|admin)/i,
]
const keeps =
  /\b(?:(?:you (?:may|can)|please|just|feel free to) keep (?:it|them|(?:the|your) (?:damaged |wrong |broken |faulty )?(?:items?|products?|one|goods|order|parcel|·+))(?=\s?[.,;!]|$| and | anyway| as a)|no need to (?:return|send)|(?:don't|do not) (?:have|need) to (?:return|send))/i
const halves = /\b(?:half (?:off|price|the price|of (?:the|your))|two for one|buy one get)\b/i
const vague =
  /\b(?:will|'ll|shall|going to|within|in)\b.{0,60}\b(?:a few|a couple of|several|some|the next few) (?:minutes|hours|days|weeks)\b/i
const speed =
  /\b(?:refund|money|replacement|credit|parcel|order|package)\b.{0,60}\b(?:immediately|right away|instantly|at once|today|straight away|asap)\b/i
const offer =
  /\b(?:will|'ll|shall|can(?! confirm| see| tell)|could|offer|going to|happy to|glad to|would like to|let me)\b/i
const will = /\b(?:will|'ll|shall|going to|is being)\b/i

export const isCommitted = (text: string): boolean => commitment.test(text)

/** What nobody may vow: but for the words that a policy has itself. */
const vowed: Rule = ({ rest, cited }) =>
  [...vows, keeps, vague].flatMap((pattern): Finding[] => {
    const found = pattern.exec(rest)?.[0]
    const isPolicy =
      found !== undefined && cited.some(({ policy, text }) => policy && text.includes(found.toLowerCase()))
    return found === undefined || isPolicy ? [] : [{ code: 'PROMISE', detail: found }]
  })

/** Remedies need a policy that gives them, and sums stay below its limits. */
const remedied: Rule = (read, known) => {
  const remedies = remediesOf(read)
  const hurried = remedies.size > 0 && will.test(read.rest) ? speed.exec(read.text)?.[0] : undefined
  return [
    ...[...remedies].flatMap((remedy) => permitted(remedy, read, known)),
    ...(remedies.size > 0 ? sums(remedies, read, known) : []),
    ...(hurried === undefined ? [] : [{ code: 'PROMISE' as const, detail: hurried }]),
  ]
}

function permitted(remedy: Remedy, read: Read, known: Known): Finding[] {
  const isOffer = offer.test(read.rest)
  if (!isOffer && read.cited.some(({ order, statuses }) => order && remedy === 'REFUND' && statuses.has('REFUNDED')))
    return []
  if (
    read.cited.some(
      ({ voice, source, text }) =>
        voice === 'OURS' && source === 'MESSAGE' && text.includes(remedy.toLowerCase().slice(0, 6)),
    )
  )
    return []
  const policies = policiesFor(remedy, read, known)
  if (policies.length === 0) return [{ code: 'PROMISE', detail: `${remedy.toLowerCase()} without a policy` }]
  const isCited = read.cited.some(({ policy }) => policy && policies.includes(policy))
  return isCited ? [] : [{ code: 'UNCITED', detail: `${remedy.toLowerCase()} without its policy` }]
}

function sums(remedies: ReadonlySet<Remedy>, read: Read, known: Known): Finding[] {
  const now = known.situation.now
  const half = halves.exec(read.rest)?.[0]
  if (half !== undefined && (limitOf(remedies, known, 'PERCENT') ?? 0) < 50) return [{ code: 'PROMISE', detail: half }]
  return read.facts.flatMap((fact): Finding[] => {
    if (fact.kind !== 'AMOUNT' && fact.kind !== 'PERCENT') return []
    const limit = limitOf(remedies, known, fact.kind)
    if (limit !== null && Number(fact.value) > limit && !isRefunded(fact.value, read))
      return [{ code: 'PROMISE', detail: fact.text }]
    const shown = read.cited.filter(({ voice }) => voice !== 'CUSTOMER')
    const isShown = shown.some((source) => supports(fact, source, { text: read.text, now }))
    if (limit === null && !isShown) return [{ code: 'PROMISE', detail: fact.text }]
    const currencies = currenciesOf(known)
    const isOurs =
      fact.kind === 'PERCENT' ||
      currencies.length === 0 ||
      currencies.some((code) => isSameCurrency(code, fact.currency))
    return isOurs || isShown ? [] : [{ code: 'PROMISE', detail: fact.text }]
  })
}

/** What was refunded already, by the order's own figures. */
const isRefunded = (value: string, { cited }: Read): boolean =>
  cited.some(({ order }) => order?.refunded != null && Number(order.refunded.amount) === Number(value))

export const promises: Rule = (read, known) => [...vowed(read, known), ...remedied(read, known)]
