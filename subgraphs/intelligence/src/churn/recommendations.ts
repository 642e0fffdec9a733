import type { FeatureGroup, FeatureName } from '../features/catalogue.ts'
import { features } from '../features/catalogue.ts'
import type { RiskLevel } from './model.ts'
import type { ChurnFactor } from './predict.ts'

type Rule = {
  /** The factor that calls for it: a feature, or any of a group. */
  when: FeatureName | FeatureGroup
  towards: 'churn' | 'staying'
  /** Only where the feature's value is so large. */
  atLeast?: number
  levels: readonly RiskLevel[]
  advice: string
}

const atRisk = ['MEDIUM', 'HIGH', 'CRITICAL'] as const
const urgent = ['HIGH', 'CRITICAL'] as const

/** The first rules that apply to the largest factors are shown; one advice comes once. */
const rules: readonly Rule[] = [
  {
    when: 'silenceToGap',
    towards: 'churn',
    atLeast: 3,
    levels: urgent,
    advice: 'Win back now: silent for several times the usual gap. Write personally, with a reason to return.',
  },
  {
    when: 'recency',
    towards: 'churn',
    levels: urgent,
    advice: 'Send a win-back message with an offer within policy; the silence is what raises the risk most.',
  },
  {
    when: 'recency',
    towards: 'churn',
    levels: ['MEDIUM'],
    advice: 'Send a reminder with products that go with the last purchase.',
  },
  {
    when: 'gaps',
    towards: 'churn',
    levels: atRisk,
    advice: 'Time a reminder to the usual gap between purchases, or offer replenishment.',
  },
  {
    when: 'trend',
    towards: 'churn',
    levels: atRisk,
    advice: 'Purchases are slowing: ask what changed, with a short survey or a call.',
  },
  {
    when: 'frequency',
    towards: 'churn',
    levels: atRisk,
    advice: 'Encourage the next purchase: a follow-up with a small thank-you turns a buyer into a regular.',
  },
  {
    when: 'tenure',
    towards: 'churn',
    levels: atRisk,
    advice: 'Strengthen the first weeks: welcome, help to use what was bought, show what else there is.',
  },
  {
    when: 'monetary',
    towards: 'churn',
    levels: atRisk,
    advice: 'Show products in the price range that this customer buys in.',
  },
  {
    when: 'basket',
    towards: 'churn',
    levels: atRisk,
    advice: 'Show what other buyers of the same products bought too.',
  },
  {
    when: 'price',
    towards: 'churn',
    levels: atRisk,
    advice: 'Buys with discounts: name the value before the price, and keep an offer for the decisive moment.',
  },
  {
    when: 'returns',
    towards: 'churn',
    levels: atRisk,
    advice: 'Returned purchases weigh in: ask what was wrong and help with the choice next time.',
  },
  {
    when: 'support',
    towards: 'churn',
    levels: atRisk,
    advice: 'Follow up on the last tickets in person and make sure that they are settled.',
  },
  {
    when: 'engagement',
    towards: 'churn',
    levels: atRisk,
    advice: 'Try another channel or subject: recent messages were hardly opened.',
  },
  {
    when: 'frequency',
    towards: 'staying',
    levels: ['LOW'],
    advice: 'A loyal customer: thank them and invite them to a loyalty programme.',
  },
  {
    when: 'recency',
    towards: 'staying',
    levels: ['LOW'],
    advice: 'Bought recently: no offer is needed; ask for a review.',
  },
]

const fallback: Record<RiskLevel, string> = {
  LOW: 'Nothing to do: keep the usual service.',
  MEDIUM: 'Keep in touch, and watch the score.',
  HIGH: 'Contact this customer within the week.',
  CRITICAL: 'Contact this customer now; weigh the cost of an offer against what is at stake.',
}

const groupOf = new Map<string, FeatureGroup>(features.map(({ name, group }) => [name, group]))
const most = 3

/** What to do, most telling first: one to three sentences. */
export function recommendationsFor(level: RiskLevel, factors: readonly ChurnFactor[]): string[] {
  const advice = factors.flatMap(({ feature, value, contribution }) =>
    rules
      .filter(
        ({ when, towards, atLeast = -Infinity, levels }) =>
          (when === feature || when === groupOf.get(feature)) &&
          (towards === 'churn') === contribution > 0 &&
          value >= atLeast &&
          levels.includes(level),
      )
      .slice(0, 1)
      .map((rule) => rule.advice),
  )
  const distinct = [...new Set(advice)].slice(0, most)
  return distinct.length > 0 ? distinct : [fallback[level]]
}
