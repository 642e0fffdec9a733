import type { Component, ScoreComponentName, ScoreFacts } from './score.ts'

const number = (value: number, digits: number): string => value.toLocaleString('en', { maximumFractionDigits: digits })
const counted = (value: number, unit: string): string =>
  `${number(value, 1)} ${unit}${number(value, 1) === '1' ? '' : 's'}`
const signed = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`

/** What else the sentences tell of. */
export type Circumstances = { facts: ScoreFacts; now: Date; currencyCode: string }

const sentences: Record<ScoreComponentName, (part: Component, circumstances: Circumstances) => string> = {
  CHURN_RISK: ({ input }) => (input === null ? 'Churn risk not known.' : `Churn risk ${number(input * 100, 1)} %.`),
  CUSTOMER_VALUE: ({ input }, { currencyCode }) =>
    input === null ? 'Lifetime value not known.' : `Lifetime value ${number(input, 0)} ${currencyCode}.`,
  URGENCY: (_, { facts }) => `Priority ${facts.priority.toLowerCase()}.`,
  AGE: (_, { facts, now }) => `Waited ${waited(now.getTime() - facts.createdAt.getTime())}.`,
  DIFFICULTY: ({ input, points }) =>
    input === null
      ? 'Difficulty not known.'
      : points > 0
        ? 'Easy to solve.'
        : points < 0
          ? 'Hard to solve.'
          : 'Neither easy nor hard.',
  SENTIMENT: ({ input, points }) =>
    input === null ? 'Sentiment not known.' : points > 0 ? 'The customer is unhappy.' : 'The customer is not unhappy.',
  TOPIC_ALERT: ({ input }) =>
    input ? 'Contains a keyword of a topic alert.' : 'Contains no keyword of a topic alert.',
  SLA_PRESSURE: (_, { facts }) =>
    facts.slaStatus === 'BREACHING'
      ? 'An SLA clock is overdue.'
      : facts.slaStatus === 'IMMINENT_BREACH'
        ? 'An SLA clock is about to breach.'
        : 'No SLA clock presses.',
}

function waited(milliseconds: number): string {
  const minutes = Math.max(0, milliseconds) / 60_000
  if (minutes < 60) return counted(Math.floor(minutes), 'minute')
  return minutes < 1_440 ? counted(minutes / 60, 'hour') : counted(minutes / 1_440, 'day')
}

/** A part of a score in a sentence. */
export const explain = (part: Component, circumstances: Circumstances): string =>
  sentences[part.name](part, circumstances)

const nouns: Record<ScoreComponentName, string> = {
  CHURN_RISK: 'churn risk',
  CUSTOMER_VALUE: 'customer value',
  URGENCY: 'priority',
  AGE: 'waiting',
  DIFFICULTY: 'difficulty',
  SENTIMENT: 'sentiment',
  TOPIC_ALERT: 'a topic alert',
  SLA_PRESSURE: 'SLA pressure',
}

/** The whole score in a sentence: what weighs most. */
export function explainTotal(total: number, parts: readonly Component[]): string {
  const most = parts
    .filter(({ points }) => points !== 0)
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, 3)
    .map(({ name, points }) => `${nouns[name]} ${signed(points)}`)
  return `${total.toFixed(1)} points: ${most.length === 0 ? 'nothing speaks for it yet' : `mostly ${most.join(', ')}`}.`
}
