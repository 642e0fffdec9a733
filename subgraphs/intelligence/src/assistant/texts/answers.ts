import type { Known } from './known.ts'
import { channel, discounts, lastOrder, orders, returns, rhythm, season, since, support } from './done.ts'
import type { Stated } from './stated.ts'
import { littleKnown } from './summary.ts'
import type { Teller } from './teller.ts'
import { archetype, atRisk, engagement, forecast, guidance, next, reasons, risk, stage, trend } from './thought.ts'

/** `bought`: what the customer buys, as far as it was read. */
export type Asked = { question: string; bought: readonly Stated[] }

type Topic = { name: string; asks: RegExp; tell: readonly Teller[] }

/** The first that a question asks for are answered. Words only decide what is looked up: nothing of a question is repeated. */
const topics: readonly Topic[] = [
  {
    name: 'the risk that they leave',
    asks: /\b(?:churn\w*|risk\w*|leav(?:e|es|ing)|left|los(?:e|ing|t)|stopp?(?:ed|ing)?|quiet|silent|inactive|away|lapsed)\b/,
    tell: [risk, reasons],
  },
  {
    name: 'returns',
    asks: /\b(?:returns?|returned|returning|refunds?|refunded|s(?:end|ends|ent) (?:\w+ ){0,2}back)\b/,
    tell: [returns],
  },
  {
    name: 'their next order',
    asks: /\b(?:next|again|predict\w*|expect\w*|forecast\w*|future|will (?:they|he|she))\b/,
    tell: [next, forecast],
  },
  {
    name: 'since when they buy',
    asks: /\b(?:since when|how long|first (?:order|purchase)|joined|tenure|customer since)\b/,
    tell: [since],
  },
  {
    name: 'how often they buy',
    asks: /\b(?:how often|how many (?:orders|times|purchases)|how frequent\w*|frequency|often|regularly)\b/,
    tell: [orders, rhythm],
  },
  {
    name: 'how much they spend',
    asks: /\b(?:how much|spend\w*|spent|value|valuable|worth|ltv|revenue|average order|money)\b/,
    tell: [orders, forecast, atRisk, trend],
  },
  {
    name: 'discounts',
    asks: /\b(?:discounts?|deals?|sales?|price\w*|coupons?|vouchers?|promotions?|bargains?)\b/,
    tell: [discounts],
  },
  {
    name: 'how they write to you',
    asks: /\b(?:channels?|emails?|phone|call|chat|sms|contact\w*|reach|write|writes|talk|speak|communicat\w*|approach)\b/,
    tell: [channel, guidance],
  },
  {
    name: 'support and mood',
    asks: /\b(?:happy|unhappy|happiness|satisf\w*|sentiment|mood|angry|upset|support|tickets?|complain\w*|feel\w*)\b/,
    tell: [support],
  },
  { name: 'engagement', asks: /\b(?:engag\w*|opens?|clicks?|visits?|newsletters?)\b/, tell: [engagement] },
  {
    name: 'when they buy',
    asks: /\b(?:when|what time|days?|hours?|weekends?|weekdays?|months?|seasons?|seasonal\w*|time of)\b/,
    tell: [lastOrder, rhythm, season],
  },
  {
    name: 'who they are',
    asks: /\b(?:who|archetypes?|segments?|persona|kind of|sort of|type of|describe|profile|typical)\b/,
    tell: [archetype, stage, orders],
  },
]
const asksWhat =
  /\bwhat\b.{0,60}\b(?:buy|buys|bought|buying|purchase\w*|order(?:s|ed)?|like|likes)\b|\b(?:products?|items?|categor\w+|favou?rites?)\b/
const mostTopics = 3
/** A question is read so far. */
const mostRead = 1_000

/** What is known that answers the question; where nothing does, what could be asked. Pure. */
export function answerTo(known: Known, { question, bought }: Asked): Stated[] {
  const asked = question.slice(0, mostRead).toLowerCase().replace(/[’]/g, "'")
  const isWhat = asksWhat.test(asked)
  const found = topics.filter(({ asks }) => asks.test(asked)).slice(0, mostTopics)
  if (found.length === 0 && !isWhat) return [unclear]
  if (!known.insight.profile.isReady) return [littleKnown(known)]
  const told = found.map(({ name, tell }) => ({ name, stated: tell.flatMap((one) => one(known)) }))
  const missing = [
    ...(isWhat && bought.length === 0 ? ['what they buy'] : []),
    ...told.flatMap(({ name, stated }) => (stated.length === 0 ? [name] : [])),
  ]
  const stated = [...(isWhat ? bought : []), ...told.flatMap((one) => one.stated)]
  return [...onlyOnce(stated), ...missing.map(unknown)]
}

const unknown = (what: string): Stated => ({ text: `Nothing is known yet about ${what}.`, cite: null })

const unclear: Stated = {
  text: `That cannot be answered from what is known. What can be: ${[...topics.map(({ name }) => name), 'what they buy'].join(', ')}.`,
  cite: null,
}

const onlyOnce = (stated: readonly Stated[]): Stated[] => [...new Map(stated.map((one) => [one.text, one])).values()]
