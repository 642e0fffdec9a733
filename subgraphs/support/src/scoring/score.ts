export type TicketPriority = 'URGENT' | 'HIGH' | 'NORMAL' | 'LOW'

export type ScoreComponentName =
  'CHURN_RISK' | 'CUSTOMER_VALUE' | 'URGENCY' | 'AGE' | 'DIFFICULTY' | 'SENTIMENT' | 'TOPIC_ALERT' | 'SLA_PRESSURE'

/** Points per unit of a component's input; see `components` for the inputs. */
export type Weights = {
  churnRisk: number
  /** SEED_V1: points per 1,000 of lifetime value. Default: the points that value approaches and never exceeds. */
  customerValue: number
  urgency: number
  age: number
  difficultyEasy: number
  difficultyHard: number
  sentiment: number
  topicAlert: number
  slaImminent: number
  slaBreaching: number
}

/** LINEAR_DAYS: an index serves the order. INVERSE_HOURS: 1 / hours waited; sorted by expression. */
export type AgeCurve = 'LINEAR_DAYS' | 'INVERSE_HOURS'

export type Formula = { version: string; ageCurve: AgeCurve; weights: Weights }

/** What a score is made of. */
export type ScoreFacts = {
  priority: string
  createdAt: Date
  churnRisk: number | null
  lifetimeValue: number | null
  /** 0 easy to 1 hard. */
  difficulty: number | null
  /** 0 negative to 1 positive. */
  sentiment: number | null
  slaStatus: string | null
}

export type Component = { name: ScoreComponentName; input: number | null; weight: number; points: number }

const weights: Weights = {
  churnRisk: 3,
  customerValue: 2,
  urgency: 1.5,
  age: 1,
  difficultyEasy: 1,
  difficultyHard: -1.5,
  sentiment: 2,
  topicAlert: 5,
  slaImminent: 0,
  slaBreaching: 0,
}

/** Formulas are versioned data. Source: design/support.md, "Smart inbox". */
export const formulas: readonly Formula[] = [
  { version: 'SEED_V1', ageCurve: 'INVERSE_HOURS', weights },
  {
    version: 'default',
    ageCurve: 'LINEAR_DAYS',
    weights: { ...weights, customerValue: 7, slaImminent: 2, slaBreaching: 4 },
  },
]

const urgencyOf = { URGENT: 4, HIGH: 3, NORMAL: 1, LOW: 0.5 } as const
const millisecondsPerDay = 86_400_000
const millisecondsPerHour = 3_600_000
/** Where the saturating curve of the default formula has two thirds of its points. */
const valueScale = 3_500

/** The tenant's formula: a version with its own weights laid over. Unknown versions fall back to the default. */
export function formulaOf(version: string, own: Partial<Weights> | null): Formula {
  const base = formulas.find((formula) => formula.version === version) ?? (formulas[1] as Formula)
  return own ? { ...base, weights: { ...base.weights, ...own } } : base
}

/** Every component but TOPIC_ALERT and AGE: what stands still between two changes of the ticket. */
function standing(facts: ScoreFacts, { version, weights: w }: Formula): Component[] {
  const { churnRisk, lifetimeValue, difficulty, sentiment, slaStatus } = facts
  const urgency = urgencyOf[facts.priority as TicketPriority]
  const isSeed = version === 'SEED_V1'
  const value = lifetimeValue ?? 0
  const valuePoints = isSeed ? (value / 1_000) * w.customerValue : w.customerValue * (1 - Math.exp(-value / valueScale))
  const difficultyWeight =
    difficulty === null ? 0 : difficulty < 0.3 ? w.difficultyEasy : difficulty > 0.7 ? w.difficultyHard : 0
  const isUpset = sentiment !== null && sentiment < 0.3
  const pressure = slaStatus === 'BREACHING' ? w.slaBreaching : slaStatus === 'IMMINENT_BREACH' ? w.slaImminent : 0
  const parts: Component[] = [
    { name: 'CHURN_RISK', input: churnRisk, weight: w.churnRisk, points: (churnRisk ?? 0) * w.churnRisk },
    { name: 'CUSTOMER_VALUE', input: lifetimeValue, weight: w.customerValue, points: valuePoints },
    { name: 'URGENCY', input: urgency, weight: w.urgency, points: urgency * w.urgency },
    { name: 'DIFFICULTY', input: difficulty, weight: difficultyWeight, points: difficultyWeight },
    { name: 'SENTIMENT', input: sentiment, weight: w.sentiment, points: isUpset ? w.sentiment : 0 },
  ]
  if (isSeed) return parts
  return [...parts, { name: 'SLA_PRESSURE', input: pressure === 0 ? 0 : 1, weight: pressure, points: pressure }]
}

function age({ createdAt }: ScoreFacts, { ageCurve, weights: w }: Formula, now: Date): Component {
  const waited = Math.max(0, now.getTime() - createdAt.getTime())
  const input = ageCurve === 'LINEAR_DAYS' ? waited / millisecondsPerDay : 1 / Math.max(1, waited / millisecondsPerHour)
  return { name: 'AGE', input, weight: w.age, points: input * w.age }
}

/** The components of a score, in the order in which they are added up. Pure. */
export function components(facts: ScoreFacts, formula: Formula, now: Date, matchesAlert: boolean): Component[] {
  const alert = formula.weights.topicAlert
  const topic: Component = {
    name: 'TOPIC_ALERT',
    input: matchesAlert ? 1 : 0,
    weight: alert,
    points: matchesAlert ? alert : 0,
  }
  return [...standing(facts, formula), age(facts, formula, now), topic]
}

/** The sum, in the components' order: the one place where points are added. */
export const totalOf = (parts: readonly { points: number }[]): number =>
  parts.reduce((sum, { points }) => sum + points, 0)

/**
 * The inbox order as a constant. With LINEAR_DAYS every ticket's score rises alike, so the part that moves with time is the
 * same for all, and what is left, `standing − age weight × days since the epoch at creation`, can be indexed. With
 * INVERSE_HOURS it is the standing part alone, and the order is sorted by expression.
 */
export function rankOf(facts: ScoreFacts, formula: Formula): number {
  const still = totalOf(standing(facts, formula))
  if (formula.ageCurve === 'INVERSE_HOURS') return still
  return still - formula.weights.age * (facts.createdAt.getTime() / millisecondsPerDay)
}

/** Whether a move of a rank is told as RERANKED: from a tenth on. Ranks lie near −20,000, where a difference is off by some 10⁻¹². */
export const isNews = (from: number, to: number): boolean => Math.abs(to - from) > 0.1 - 1e-9
