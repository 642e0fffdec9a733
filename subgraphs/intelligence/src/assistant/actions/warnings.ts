import type { Situation } from '../situation.ts'
import { sayDay, sayGiven, sayNth, sayShare } from '../texts/say.ts'
import { moodOf, promisesOf, timesAsked } from './facts.ts'

/** Silence that is worth a word where no horizon is known. */
const longSilence = 90
const mostWarnings = 10

/** What should make one careful, the most pressing first. For agents: it speaks of what models think. */
export const warningsOf = (situation: Situation): string[] =>
  [...overdue(situation), ...mood(situation), ...again(situation), ...worth(situation), ...silence(situation)].slice(
    0,
    mostWarnings,
  )

const overdue = (situation: Situation): string[] =>
  promisesOf(situation).overdue.map(
    ({ text, dueAt }) => `Promised by ${sayDay(dueAt)} and overdue: “${sayGiven(text)}”`,
  )

function mood(situation: Situation): string[] {
  const score = moodOf(situation)
  return score !== null && score < 0.2 ? [`Unusually negative: ${score.toFixed(2)} of 1.`] : []
}

function again(situation: Situation): string[] {
  const times = timesAsked(situation)
  const [last] = situation.pastTickets
  return [
    ...(times === 3 ? ['Third contact about the same matter.'] : []),
    ...(times > 3 ? [`${sayNth(times)} contact about the same matter.`] : []),
    ...(last?.satisfaction && last.satisfaction <= 2 ? [`Gave ${last.satisfaction} of 5 for the last ticket.`] : []),
  ]
}

function worth({ isVip, customer }: Situation): string[] {
  const churn = customer?.churn
  const why = churn?.reasons[0]
  return [
    ...(isVip ? ['VIP.'] : []),
    ...(churn && churn.score >= 0.6
      ? [
          `${churn.level === 'CRITICAL' ? 'Critical' : 'High'} churn risk: ${sayShare(churn.score)} within ${churn.horizonDays} days.${why ? ` ${why}` : ''}`,
        ]
      : []),
  ]
}

function silence({ customer }: Situation): string[] {
  const days = customer?.daysSinceLastPurchase ?? null
  return days !== null && days >= (customer?.churn?.horizonDays ?? longSilence)
    ? [`${days} days since the last purchase.`]
    : []
}
