import { bounds, justBelow, type Part, type Rule } from './part.ts'
import { figure, least, most, shareIn } from './wording.ts'

const percent = '(?: ?(?:%|percent|pct))?'
const leaving = '(?:churn(?:ing)?|leav(?:e|ing)|go(?:ing)? away|stop(?:ping)? buying|quit(?:ting)?)'
const named = `(?:(?:probability|chance|risk) (?:of|to) ${leaving}|(?:churn )?risk(?: of ${leaving})?|churn(?: probability| score| rate)?)`
const of = '(?: score| level)?(?: of| is| at)?'

const from = (text: string): Part[] | null => {
  const share = shareIn(text)
  return share === null ? null : bounds({ churnRiskAtLeast: share })
}
const upTo = (text: string): Part[] | null => {
  const share = shareIn(text)
  return share === null ? null : bounds({ churnRiskAtMost: share })
}
const between = (low: string, high: string): Part[] | null => {
  const isPercent = /%|percent|pct/.test(high) ? '%' : ''
  const [a, b] = [shareIn(`${low}${isPercent}`), shareIn(high)]
  return a === null || b === null ? null : bounds({ churnRiskAtLeast: a, churnRiskAtMost: b })
}
const level = (words: string, low: number, high?: number): Rule => ({
  words: new RegExp(`\\b(?:${words})\\b`),
  read: () =>
    bounds({ ...(low > 0 && { churnRiskAtLeast: low }), ...(high !== undefined && { churnRiskAtMost: high }) }),
  // The middle has no other side that is one range.
  ...(low > 0 && high === undefined && { not: () => bounds({ churnRiskAtMost: justBelow(low) }) }),
  ...(low === 0 && high !== undefined && { not: () => bounds({ churnRiskAtLeast: high }) }),
})

/** How likely they are to leave: levels as everywhere, HIGH from 60 %, CRITICAL from 80 %. */
export const riskRules: readonly Rule[] = [
  {
    words: new RegExp(`\\b${named}${of} between (${figure})${percent} (?:and|to) (${figure}${percent})`),
    read: ([, low = '', high = '']) => between(low, high),
  },
  {
    words: new RegExp(
      `\\bbetween (${figure})${percent} (?:and|to) (${figure}${percent}) (?:${named}|likely to ${leaving})\\b`,
    ),
    read: ([, low = '', high = '']) => between(low, high),
  },
  {
    words: new RegExp(`\\b${named}${of} ${least} (${figure}${percent})`),
    read: ([, share = '']) => from(share),
    not: ([, share = '']) => upTo(share),
  },
  {
    words: new RegExp(`\\b${named}${of} ${most} (${figure}${percent})`),
    read: ([, share = '']) => upTo(share),
    not: ([, share = '']) => from(share),
  },
  {
    words: new RegExp(
      `\\b${named}${of} (${figure}${percent}) (?:or|and) (more|higher|above|over|less|lower|below|under)\\b`,
    ),
    read: ([, share = '', side = '']) => (/more|higher|above|over/.test(side) ? from(share) : upTo(share)),
  },
  {
    words: new RegExp(
      `(?<!\\w)${least} (${figure}${percent}) (?:${named}|likely to ${leaving}|probability of ${leaving}|chance of ${leaving})\\b`,
    ),
    read: ([, share = '']) => from(share),
  },
  {
    words: new RegExp(
      `(?<!\\w)${most} (${figure}${percent}) (?:${named}|likely to ${leaving}|probability of ${leaving}|chance of ${leaving})\\b`,
    ),
    read: ([, share = '']) => upTo(share),
  },
  level(
    `(?:very|extremely|highly) likely to ${leaving}|about to ${leaving}|(?:at )?(?:critical|extreme|very high)(?: churn)? risk(?: of ${leaving})?`,
    0.8,
  ),
  level(`unlikely to ${leaving}|(?:at )?low(?: churn)? risk(?: of ${leaving})?|likely to stay|safe`, 0, 0.3),
  level(`(?:at )?(?:medium|moderate)(?: churn)? risk(?: of ${leaving})?`, 0.3, justBelow(0.6)),
  level(
    `(?:likely|expected|going) to ${leaving}|(?:may|might|could) ${leaving}|at(?: a)?(?: high)?(?: churn)? risk(?: of ${leaving})?|high(?: churn)? risk(?: of ${leaving})?|risky`,
    0.6,
  ),
]
