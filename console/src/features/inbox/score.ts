import type { Place } from './order.ts'

type Component = { name: string; input?: number | null; weight: number; points: number }
export type Scored = {
  id: string
  number: number
  createdAt: string
  smartScore: { total: number; formula: { ageCurve: string }; components: readonly Component[] }
}

const millisecondsPerDay = 86_400_000

/**
 * Where a ticket stands, by its score. Where waiting counts by the day, every score rises alike: without it the key stands still, and tickets that were
 * read at different times compare; the sum is made in the server's order, so that equal ones are equal. The other curve is taken as it was when read.
 */
export function placeOf({ id, number, createdAt, smartScore }: Scored): Place {
  const { total, formula, components } = smartScore
  if (formula.ageCurve !== 'LINEAR_DAYS') return { id, number, key: total }
  const pointsOf = (part: Component | undefined) => part?.points ?? 0
  const named = (name: string) => components.find((part) => part.name === name)
  const standing = components
    .filter(({ name }) => name !== 'AGE' && name !== 'TOPIC_ALERT')
    .reduce((sum, { points }) => sum + points, 0)
  const waits = (named('AGE')?.weight ?? 0) * (Date.parse(createdAt) / millisecondsPerDay)
  return { id, number, key: standing - waits + pointsOf(named('TOPIC_ALERT')) }
}

/** What the server's clock said when it scored a ticket: ms; null where the score does not tell how long it has waited. */
export function scoredAt({ createdAt, smartScore: { formula, components } }: Scored): number | null {
  const days = components.find(({ name }) => name === 'AGE')?.input ?? 0
  return formula.ageCurve === 'LINEAR_DAYS' && days > 0 ? Date.parse(createdAt) + days * millisecondsPerDay : null
}

/** Figures rounded so that they add up to the rounded sum: who loses most by rounding down is rounded up. */
export function roundedToSum(figures: readonly number[], digits = 1): { figures: number[]; sum: number } {
  const scale = 10 ** digits
  const sum = Math.round(figures.reduce((all, one) => all + one, 0) * scale)
  const floors = figures.map((one) => Math.floor(one * scale))
  const missing = sum - floors.reduce((all, one) => all + one, 0)
  const byLoss = figures
    .map((one, index) => ({ index, loss: one * scale - (floors[index] ?? 0) }))
    .toSorted((a, b) => b.loss - a.loss)
  for (const { index } of byLoss.slice(0, missing)) floors[index] = (floors[index] ?? 0) + 1
  return { figures: floors.map((one) => one / scale), sum: sum / scale }
}
