import { bounds, type Part, type Rule } from './part.ts'
import { date, daysIn, daysSince, least, most, span } from './wording.ts'

const bought =
  '(?:bought|ordered|purchased|shopped|buy|order|purchase|shop|been active|placed an order|made a purchase)'
const have = '(?:(?:have|has|had|did|do|does) )?'
const thing = '(?: something| anything| again)?'
const last = '(?:the |their )?last (?:purchase|order)'
const within = '(?:in|within|during|over|for|since) (?:the |these )?(?:last |past |previous )?'

const silentFor = (days: number | null): Part[] | null =>
  days === null ? null : bounds({ daysSinceLastPurchaseAtLeast: days })
const boughtWithin = (days: number | null): Part[] | null =>
  days === null ? null : bounds({ daysSinceLastPurchaseAtMost: days })

/** How long ago they bought last. A month is 30 days, a quarter 91, a year 365; nobody is listed who never bought. */
export const recencyRules: readonly Rule[] = [
  {
    words: new RegExp(`\\b(?:${have}not ${bought}${thing}|no (?:purchases?|orders?)) since (?:in )?(${date})\\b`),
    read: ([, day = ''], { now }) => silentFor(daysSince(day, now)),
  },
  {
    words: new RegExp(`\\b${have}${bought}${thing} since (?:in )?(${date})\\b`),
    read: ([, day = ''], { now }) => boughtWithin(daysSince(day, now)),
  },
  {
    words: new RegExp(
      `\\b(?:${have}not ${bought}${thing}|no (?:purchases?|orders?)) (?:${within}|(?:for|since|in) )(?:${least} )?(${span})\\b`,
    ),
    read: ([, text = '']) => silentFor(daysIn(text)),
  },
  {
    words: new RegExp(
      `\\b(?:inactive|silent|quiet|absent|away|gone|dormant) (?:for|since) (?:the (?:last|past) )?(?:${least} )?(${span})\\b`,
    ),
    read: ([, text = '']) => silentFor(daysIn(text)),
  },
  {
    words: new RegExp(
      `(?<!\\w)(?:${last} (?:was )?|${have}${bought}${thing} (?:last )?|last (?:bought|ordered) )${least} (${span}) ago\\b`,
    ),
    read: ([, text = '']) => silentFor(daysIn(text)),
  },
  {
    words: new RegExp(
      `(?<!\\w)(?:${last} (?:was )?|${have}${bought}${thing} (?:last )?|last (?:bought|ordered) )${most} (${span}) ago\\b`,
    ),
    read: ([, text = '']) => boughtWithin(daysIn(text)),
  },
  {
    words: new RegExp(`(?<!\\w)${least} (${span}) (?:since|after) ${last}\\b`),
    read: ([, text = '']) => silentFor(daysIn(text)),
  },
  {
    words: new RegExp(`(?<!\\w)${most} (${span}) (?:since|after) ${last}\\b`),
    read: ([, text = '']) => boughtWithin(daysIn(text)),
  },
  {
    words: new RegExp(
      `\\b(?:(?:${have}${bought}${thing}|(?:with )?(?:a |an )?(?:recent )?(?:purchases?|orders?)|active) )?(?:in|within|during|over) (?:the )?(?:last|past|previous) (${span})\\b`,
    ),
    read: ([, text = '']) => boughtWithin(daysIn(text)),
    not: ([, text = '']) => silentFor(daysIn(text)),
  },
  {
    words: new RegExp(`\\b${have}${bought}${thing} within (${span})\\b`),
    read: ([, text = '']) => boughtWithin(daysIn(text)),
  },
  {
    words: new RegExp(`\\b${have}${bought}${thing} this (month|year)\\b`),
    read: ([, unit = ''], { now }) => {
      const start = Date.UTC(now.getUTCFullYear(), unit === 'month' ? now.getUTCMonth() : 0, 1)
      return boughtWithin(Math.floor((now.getTime() - start) / 86_400_000))
    },
  },
]
