/** What became of one attempt: the answer's status, or none. */
export type Outcome = { statusCode: number | null; error: string | null }

export type Verdict =
  | { kind: 'delivered' }
  /** The receiver wants no more. */
  | { kind: 'gone' }
  | { kind: 'again'; at: Date }
  | { kind: 'given-up' }

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Between attempts; together nearly a day. */
const delaysMs = [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 3 * hour, 6 * hour, 12 * hour]
const maxAgeMs = 24 * hour

/** What follows from an attempt. `attempt` counts from 1; `chance` is in [0, 1). Pure. */
export function verdictOf(
  { statusCode }: Pick<Outcome, 'statusCode'>,
  { attempt, createdAt, now, chance }: { attempt: number; createdAt: Date; now: Date; chance: number },
): Verdict {
  if (statusCode !== null && statusCode >= 200 && statusCode < 300) return { kind: 'delivered' }
  if (statusCode === 410) return { kind: 'gone' }
  const delay = delaysMs[attempt - 1]
  if (delay === undefined) return { kind: 'given-up' }
  const at = new Date(now.getTime() + Math.round(delay * (0.8 + 0.2 * chance)))
  return at.getTime() - createdAt.getTime() > maxAgeMs ? { kind: 'given-up' } : { kind: 'again', at }
}

const patienceMs = 5 * 24 * hour

/** Whether an endpoint has failed for so long that it is switched off. Pure. */
export const isHopeless = (failingSince: Date, now: Date): boolean =>
  now.getTime() - failingSince.getTime() >= patienceMs
