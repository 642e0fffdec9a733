import type { PolicyKind } from '../../situation.ts'
import { isSameCurrency } from '../facts/amounts.ts'
import type { Fact } from '../facts/fact.ts'
import type { Known } from '../known.ts'
import { clauseBefore } from '../plain.ts'
import type { Read } from '../reading.ts'

export type Remedy = 'REFUND' | 'REPLACEMENT' | 'COMPENSATION' | 'DISCOUNT' | 'FREE'

const words: Readonly<Record<Remedy, RegExp>> = {
  REFUND: /\b(?:refund\w{0,4}|reimburs\w{1,7}|money back|every (?:cent|penny)|pa(?:y|id) (?:you )?back|chargeback)\b/gi,
  REPLACEMENT:
    /\b(?:replac(?:e|es|ed|ing|ements?)|exchang(?:e|es|ed|ing)|reship\w{0,4}|resend\w{0,3}|swap\w{0,4}|new one|another one|send (?:you )?(?:another|a new|a fresh|a second))\b/gi,
  COMPENSATION:
    /\b(?:compensat\w{1,6}|(?:store |shop |account )?credits?(?! card| or debit)|vouchers?|gift ?cards?|goodwill|coupons?|bonus\w{0,2}|loyalty points|damages|payout|make (?:it|this) up to you)\b/gi,
  DISCOUNT:
    /\b(?:discount\w{0,3}|(?:promo(?:tion(?:al)?)?|coupon|discount|voucher) codes?|reduced price|price (?:reduction|match)|money off|special price|off your (?:next|order)|·+ off|half price|half off|two for one|buy one get)\b/gi,
  FREE: /\b(?<!feel |toll[- ]|gluten[- ]|hands[- ])(?:free(?! to| time| moment)|complimentary|prepaid|at no (?:extra |additional |further )?(?:cost|charge)|without (?:any )?(?:cost|charge)|on the house|on us|our treat|waiv\w{1,4}|(?:cover|take care of) (?:the|all|any|your)(?: \w{1,15}){0,2} (?:costs?|fees?|charges?|postage)|not (?:be charged|(?:have|need) to pay)|won't be charged|don't (?:have|need) to pay)\b/gi,
}

/** Policies that may give it; of the kinds in `byText` only where their text speaks of it. */
const allowedBy: Readonly<Record<Remedy, { kinds: readonly PolicyKind[]; byText: RegExp }>> = {
  REFUND: { kinds: ['REFUND'], byText: /refund|reimburs|money back|credited/i },
  REPLACEMENT: { kinds: [], byText: /replac|exchang|reship|resend|swap/i },
  COMPENSATION: { kinds: ['COMPENSATION'], byText: /credit|voucher|gift card|coupon|compensat|goodwill/i },
  DISCOUNT: { kinds: ['DISCOUNT'], byText: /discount|% off|code|reduced/i },
  FREE: {
    kinds: [],
    byText: /\bfree\b|prepaid|no (?:extra |additional )?(?:cost|charge)|complimentary|we (?:pay|cover)|waive/i,
  },
}

const denied =
  /\b(?:cannot|can't|could not|couldn't|unable|not|no|never|won't|don't|doesn't|without|if|whether|what|which|how|check|see|ask|asking|asked|about|would you|do you|you (?:'d )?(?:would )?(?:want|like|need|prefer|wanted|requested|wrote|mention\w{0,2})|prefer|possible|once|until|before|sorry|regarding|concerning|your|question|options?|looking (?:in)?to)\b/i
const certain =
  /^ (?:will|'ll|shall|is (?:going|coming|on|being|leaving|here|ready)|leaves|ships|goes|arrives|comes)\b/i
const general =
  /^ (?:requests?|status|polic(?:y|ies)|questions?|enquir(?:y|ies)|options?|process|team|department|window|terms|or\b)/i

/** Remedies that a sentence speaks of as given or to be had; a wish, a question, a condition and a refusal give nothing. */
export function remediesOf({ rest, facts }: Read): Set<Remedy> {
  const isQuestion = /\?\s*$/.test(rest)
  const given = (Object.keys(words) as Remedy[]).filter((remedy) =>
    [...rest.matchAll(words[remedy])].some(({ 0: found, index }) => {
      const clause = clauseBefore(rest, index)
      const isMild = remedy === 'REFUND' || remedy === 'REPLACEMENT'
      if (isQuestion && isMild) return false
      if (isMild && general.test(rest.slice(index + found.length))) return false
      // "Your replacement will leave today" gives one; "your replacement" alone speaks of it.
      const isSet = isMild && certain.test(rest.slice(index + found.length))
      return !(isMild ? denied : refused).test(isSet ? clause.replace(/\byour (?:\w{1,15} )?$/i, '') : clause)
    }),
  )
  const money = facts.some(({ kind }) => kind === 'AMOUNT' || kind === 'PERCENT')
  if (given.length === 0 && money && gift.test(rest)) given.push('COMPENSATION')
  return new Set(given)
}

const refused =
  /\b(?:cannot|can't|could not|couldn't|unable|not|no|never|won't|don't|doesn't|whether|asked|asking|about|regarding|you (?:wanted|requested|wrote|mention\w{0,2})|your|the)\b(?! only)/i
/** Money that goes to the customer without a word for what it is. */
const gift =
  /\b(?:give|giving|offer\w{0,3}|grant\w{0,3}|award\w{0,3}|transfer\w{0,4}|pay(?:ing)? you|send you|add(?:ed)? to your (?:account|balance)|take·? ?off|back to you|yours|you(?:'ll| will)? (?:get|receive|have|deserve))\b/i

/** The policies under which a remedy may be spoken of. */
export const policiesFor = (remedy: Remedy, { rest }: Read, { situation }: Known) => {
  const { kinds, byText } = allowedBy[remedy]
  const things = remedy === 'FREE' ? (rest.toLowerCase().match(given) ?? ['nothing that is named']) : []
  return situation.policies.filter(({ kind, text }) => {
    const said = text.slice(0, 10_000)
    return (
      kind !== 'TONE' &&
      (kinds.includes(kind) || byText.test(said)) &&
      things.every((thing) => said.toLowerCase().includes(thing.slice(0, 4)))
    )
  })
}

/** What may be free: one thing's being so says nothing of another. */
const given =
  /\b(?:shipping|delivery|returns?|labels?|replacements?|gifts?|exchanges?|express|products?|items?|upgrades?)\b/g

/** The least of the limits that apply; null where none does. */
export function limitOf(remedies: ReadonlySet<Remedy>, known: Known, of: 'AMOUNT' | 'PERCENT'): number | null {
  const isRefund = remedies.has('REFUND') && !remedies.has('COMPENSATION')
  const kinds: PolicyKind[] =
    of === 'PERCENT' ? ['DISCOUNT', 'COMPENSATION', 'REFUND'] : isRefund ? ['REFUND'] : ['COMPENSATION', 'REFUND']
  const limits = known
    .policiesOf(...kinds)
    .flatMap(
      ({ maxCompensation, maxDiscountPercent }) => (of === 'AMOUNT' ? maxCompensation : maxDiscountPercent) ?? [],
    )
  return limits.length === 0 ? null : Math.min(...limits.map(Number))
}

/** Currencies that the customer pays in. */
export const currenciesOf = ({ situation: { orders, customer } }: Known): string[] => [
  ...orders.map(({ total }) => total.currencyCode),
  ...[customer?.spent, customer?.averageOrder].flatMap((amount) => amount?.currencyCode ?? []),
]

/** A sum or percentage that no record holds may still be offered: within the limits, by a policy that is cited. */
export function isOffered(fact: Fact, read: Read, known: Known): boolean {
  if (fact.kind !== 'AMOUNT' && fact.kind !== 'PERCENT') return false
  const remedies = remediesOf(read)
  const cited = new Set(read.cited.map(({ policy }) => policy?.id))
  const isCited = [...remedies].some((remedy) => policiesFor(remedy, read, known).some(({ id }) => cited.has(id)))
  const limit = limitOf(remedies, known, fact.kind)
  const currencies = currenciesOf(known)
  const isOurMoney =
    fact.kind === 'PERCENT' || currencies.length === 0 || currencies.some((code) => isSameCurrency(code, fact.currency))
  return isCited && isOurMoney && limit !== null && Number(fact.value) <= limit
}
