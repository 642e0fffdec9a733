import { sayMoney } from '../texts/say.ts'
import type { CustomerOrder } from '../../analytics/filter.ts'
import type { LifecycleStage } from '../../insight/lifecycle.ts'
import { bounds, type Part, type Rule, type Setting } from './part.ts'
import { amountIn, least, money, most } from './wording.ts'

const worth =
  '(?:worth|(?:an? )?(?:expected |predicted |forecast )?(?:ltv|clv|lifetime value|customer value|value)(?: of| is)?|expected to spend|(?:will|to) spend|expected spend(?:ing)?(?: of| is)?)'

const above = (text: string, { currencyCode }: Setting): Part[] | null => {
  const amount = amountIn(text, currencyCode)
  return amount === null ? null : bounds({ ltvAtLeast: amount })
}
const below = (text: string, { currencyCode }: Setting): Part[] | null => {
  const amount = amountIn(text, currencyCode)
  return amount === null ? null : bounds({ ltvAtMost: amount })
}

const said = (amount: string, { currencyCode }: Setting) =>
  sayMoney({ amount, currencyCode: currencyCode ?? '' }).trim()

/** The tenant's own quarter: no figure stands for "high" everywhere. */
const highest = (setting: Setting): Part[] | null =>
  setting.quartiles &&
  bounds(
    { ltvAtLeast: setting.quartiles.high },
    `high value is taken as the upper quarter of your customers by a year’s expected spend: from ${said(setting.quartiles.high, setting)}`,
  )
const lowest = (setting: Setting): Part[] | null =>
  setting.quartiles &&
  bounds(
    { ltvAtMost: setting.quartiles.low },
    `low value is taken as the lower quarter of your customers by a year’s expected spend: up to ${said(setting.quartiles.low, setting)}`,
  )

const highWords =
  '(?:high(?:est)? (?:value|spending|ltv|worth)|(?:big|high|top) spend(?:ers?|ing)|valuable|high earners?)'
const people = '(?:customers?|buyers?|shoppers?|clients?|people)'
/** Whether the tenant's quarters have to be known to read it. */
export const speaksOfQuarters = (text: string): boolean =>
  new RegExp(`\\b${highWords}|\\b(?:top|best|low(?:est)?|least)\\b`).test(text)

const ordering = (words: string, order: CustomerOrder): Rule => ({
  words: new RegExp(`\\b(?:${words})(?: (?:first|descending|desc))?\\b`),
  read: () => [{ kind: 'order', order }],
})
const by = '(?:(?:sorted|ordered|ranked|sort|order|rank) by|by)(?: (?:the|their|highest))?'

/** Before all others, since words of theirs mean something else alone. */
export const orderRules: readonly Rule[] = [
  ordering(`(?:${by} |highest |most |biggest )revenue at risk`, 'REVENUE_AT_RISK'),
  ordering(
    `${by} (?:churn(?: risk)?|risk(?: of churn)?)|most likely to (?:churn|leave)|highest (?:churn )?risk|riskiest|most at risk`,
    'CHURN_RISK',
  ),
  ordering(
    `${by} (?:ltv|clv|lifetime value|customer value|value|worth)|most valuable|highest value first|biggest spenders first`,
    'LTV',
  ),
  ordering(
    `${by} (?:last|latest|most recent) (?:purchase|order)|(?:most recent|latest|newest) (?:purchases?|orders?|buyers?)|most recent first|latest first|recent first`,
    'LAST_PURCHASE',
  ),
]

/** What they are expected to spend within a year. */
export const valueRules: readonly Rule[] = [
  {
    words: new RegExp(`\\b(?:top|best|first) (\\d{1,3})\\b`),
    read: ([, count = '']) => (Number(count) === 0 ? null : [{ kind: 'first', first: Number(count) }]),
  },
  {
    words: new RegExp(`\\b(?:top|best)(?= ${people})`),
    read: (_, setting) => {
      const parts = highest(setting)
      return parts && [...parts, { kind: 'order', order: 'LTV' }]
    },
  },
  {
    words: new RegExp(`\\b${worth} between (${money}) (?:and|to) (${money})`),
    read: ([, low = '', high = ''], setting) => {
      const [a, b] = [above(low, setting), below(high, setting)]
      return a && b && [...a, ...b]
    },
  },
  {
    words: new RegExp(`\\b${worth} ${least} (${money})`),
    read: ([, amount = ''], setting) => above(amount, setting),
    not: ([, amount = ''], setting) => below(amount, setting),
  },
  {
    words: new RegExp(`\\b${worth} ${most} (${money})`),
    read: ([, amount = ''], setting) => below(amount, setting),
    not: ([, amount = ''], setting) => above(amount, setting),
  },
  {
    words: new RegExp(`\\b${worth} (${money}) (?:or|and) (more|higher|above|over|less|lower|below|under)\\b`),
    read: ([, amount = '', side = ''], setting) =>
      (/more|higher|above|over/.test(side) ? above : below)(amount, setting),
  },
  {
    words: new RegExp(`\\b${highWords}\\b`),
    read: (_, setting) => highest(setting),
    not: (_, setting) => setting.quartiles && bounds({ ltvAtMost: setting.quartiles.high }),
  },
  {
    words: /\b(?:low(?:est)? (?:value|spending|ltv|worth)|low spenders?|least valuable)\b/,
    read: (_, setting) => lowest(setting),
    not: (_, setting) => setting.quartiles && bounds({ ltvAtLeast: setting.quartiles.low }),
  },
]

const stage = (words: string, name: LifecycleStage): Rule => ({
  words: new RegExp(`\\b(?:${words})\\b`),
  read: () => [{ kind: 'stage', stage: name }],
  not: () => [{ kind: 'stage', stage: name }],
})

/** Beside another stage, "at risk" is one too: read before the rules of risk. */
export const stageFirstRules: readonly Rule[] = [
  stage(
    'at risk(?= (?:,|or|, or) (?:new|active|loyal|lapsed|churned|lost|won back)\\b)|(?<=\\b(?:new|active|loyal|lapsed|churned|lost|won back) (?:, )?or )at risk',
    'AT_RISK',
  ),
]

export const stageRules: readonly Rule[] = [
  stage('new', 'NEW'),
  stage('active', 'ACTIVE'),
  stage('loyal', 'LOYAL'),
  stage('lapsed|churned|lost', 'LAPSED'),
  stage('won back|reactivated', 'WON_BACK'),
]
