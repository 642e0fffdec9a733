import type { Policy, PolicyKind, Situation } from '../situation.ts'
import type { Fact } from './pen.ts'

/** Sentences meant for the team, not for customers. */
const internal =
  /\b(?:agents?|managers?|staff|team lead|supervisors?|approv\w{1,5}|internal\w{0,2}|escalat\w{1,6}|customer is|vip|without asking|do not (?:tell|mention|say)|never (?:tell|mention|say))\b/i
const telling =
  /\d|\bdays?\b|\bweeks?\b|\breturn\w{0,3}\b|\brefund\w{0,3}\b|\bship\w{0,5}\b|\bdeliver\w{0,3}\b|\bunused\b/i
const addressed = /https?:|www\.|@/i
const mostWords = 30

/** What a policy says to customers, word for word: the sentences that tell most, at most `most`. Null without such a policy. */
export function ruleOf({ policies }: Situation, kinds: readonly PolicyKind[], most = 1): Fact | null {
  for (const kind of kinds)
    for (const policy of policies) {
      if (policy.kind !== kind) continue
      const chosen = sentencesOf(policy).slice(0, most)
      if (chosen.length === 0) continue
      return {
        text: chosen.join(' '),
        cites: chosen.map((quote) => ({ source: 'POLICY', id: policy.id, quote })),
      }
    }
  return null
}

const sentencesOf = ({ text }: Policy): string[] =>
  text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter(
      (sentence) =>
        telling.test(sentence) &&
        !internal.test(sentence) &&
        !addressed.test(sentence) &&
        sentence.split(/\s+/).length <= mostWords &&
        !/[\p{C}<>[\]{}`*|\\]/u.test(sentence),
    )
    .map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`))

/** The tightest amount that may be given in compensation; null where no policy of that kind gives one. */
export function creditOf({ policies, customer }: Situation): Fact | null {
  const currency = (customer?.ltv?.amount ?? customer?.revenueAtRisk ?? customer?.spent)?.currencyCode
  const limit = tightest(policies, 'COMPENSATION', ({ maxCompensation }) => maxCompensation)
  if (!currency || !limit || Number(limit.value) <= 0) return null
  return {
    text: `${limit.value} ${currency}`,
    cites: [{ source: 'POLICY', id: limit.policy.id, quote: limit.value }],
  }
}

/** The highest discount that may be given: "15 %"; null where no policy of that kind gives one. */
export function discountOf({ policies }: Situation): Fact | null {
  const limit = tightest(policies, 'DISCOUNT', ({ maxDiscountPercent }) => maxDiscountPercent)
  if (!limit || limit.value <= 0) return null
  const value = String(limit.value)
  return { text: `${value} %`, cites: [{ source: 'POLICY', id: limit.policy.id, quote: value }] }
}

/** A limit of any policy binds; there has to be one of this kind. */
function tightest<T extends string | number>(
  policies: readonly Policy[],
  kind: PolicyKind,
  limitOf: (policy: Policy) => T | null,
): { policy: Policy; value: T } | null {
  if (!policies.some((policy) => policy.kind === kind && limitOf(policy) !== null)) return null
  const limits = policies.flatMap((policy) => {
    const value = limitOf(policy)
    return value === null ? [] : [{ policy, value }]
  })
  return limits.reduce((least, limit) => (Number(limit.value) < Number(least.value) ? limit : least))
}
