type Component = { name: string; input?: number | null; weight: number; points: number }

/** What a row says beside its score. */
export type Circumstances = { priority: string; isVip: boolean; nextBreachAt: string | null }

/** From here the waiting alone is worth a word: half a day. */
const longWait = 0.5

/**
 * Why a ticket stands where it stands, in at most three short phrases, what weighs most first. Only what lifts it: what all tickets have (a normal priority,
 * a few hours of waiting) is said where there is nothing else.
 */
export function whyHere(components: readonly Component[], circumstances: Circumstances): string[] {
  const told = components
    .filter(({ points }) => points > 0)
    .toSorted((a, b) => b.points - a.points)
    .flatMap((part) => phrases[part.name]?.(part, circumstances) ?? [])
  const all = circumstances.isVip ? [...told, 'VIP'] : told
  if (all.length > 0) return all.slice(0, 3)
  const age = components.find(({ name }) => name === 'AGE')
  return [age?.input ? `waiting ${days(age.input)}` : 'new']
}

const phrases: Record<string, (part: Component, circumstances: Circumstances) => string[]> = {
  SLA_PRESSURE: (_, { nextBreachAt }) => [nextBreachAt === null ? 'SLA overdue' : 'SLA close'],
  CHURN_RISK: ({ input }) => riskOf(input),
  CUSTOMER_VALUE: (part) => (isHighValue(part) ? ['high value'] : []),
  URGENCY: (_, { priority }) => (priority === 'URGENT' ? ['urgent'] : priority === 'HIGH' ? ['high priority'] : []),
  SENTIMENT: () => ['unhappy'],
  TOPIC_ALERT: () => ['topic alert'],
  DIFFICULTY: () => ['quick to solve'],
  AGE: ({ input }) => ((input ?? 0) >= longWait ? [`waiting ${days(input ?? 0)}`] : []),
}

const riskOf = (input: number | null | undefined): string[] => {
  const level = riskLevel(input)
  return level === null ? [] : [`churn risk ${level}`]
}

/** The graph's own levels of risk; null where it is low or not known. */
export function riskLevel(input: number | null | undefined): 'medium' | 'high' | 'critical' | null {
  if (input === null || input === undefined || input < 0.3) return null
  if (input < 0.6) return 'medium'
  return input < 0.8 ? 'high' : 'critical'
}

/** Worth three fifths of what a customer's value can add. */
export const isHighValue = ({ points, weight }: Pick<Component, 'points' | 'weight'>): boolean =>
  weight > 0 && points >= 0.6 * weight

function days(count: number): string {
  const hours = Math.floor(count * 24)
  if (hours < 1) return `${Math.floor(count * 1_440)} min`
  return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}

/** The parts of a score as people call them. */
export const componentNames: Record<string, string> = {
  CHURN_RISK: 'Churn risk',
  CUSTOMER_VALUE: 'Customer value',
  URGENCY: 'Priority',
  AGE: 'Waiting',
  DIFFICULTY: 'Difficulty',
  SENTIMENT: 'Sentiment',
  TOPIC_ALERT: 'Topic alert',
  SLA_PRESSURE: 'SLA pressure',
}
