import type { AssignmentStrategy } from '../../generated/resolvers.ts'

/** An agent whom automatic assignment may look at. */
export type Candidate = {
  id: string
  name: string
  role: string
  skills: readonly string[]
  capacity: number
  /** Tickets that are not closed. */
  load: number
  /** When automatic assignment last gave them a ticket. */
  lastAssignedAt: Date | null
}

/** What of a ticket decides who gets it. */
export type Wanted = {
  /** What its queue asks for: who lacks one of them does not get it. */
  skills: readonly string[]
  /** Its labels and category: whoever is good at more of them comes first. */
  topics: readonly string[]
  isVip: boolean
  /** 0 to 1. */
  churnRisk: number | null
}

export type Choice = { agentId: string; explanation: string }

/** From this churn risk on a customer goes to senior agents. */
const highRisk = 0.6

const normal = (label: string): string => label.trim().toLowerCase()
const setOf = (labels: readonly string[]): Set<string> => new Set(labels.map(normal))

/** Whether somebody is good at all of it, in any case of letters. */
export const hasSkills = (own: readonly string[], needed: readonly string[]): boolean =>
  setOf(needed).isSubsetOf(setOf(own))

/** Chooses among the agents who have the skills and room; null when there is none. Pure, and the same for the same input in any order. */
export function choose(candidates: readonly Candidate[], wanted: Wanted, strategy: AssignmentStrategy): Choice | null {
  const fitting = candidates.filter((agent) => agent.load < agent.capacity && hasSkills(agent.skills, wanted.skills))
  const order = orders[strategy](wanted)
  const [best] = fitting.toSorted((a, b) => firstDifference(order, a, b) || (a.id < b.id ? -1 : 1))
  return best ? { agentId: best.id, explanation: explain(best, wanted, strategy) } : null
}

/** Lower comes first. */
type Criterion = (agent: Candidate) => number

const firstDifference = (order: readonly Criterion[], a: Candidate, b: Candidate): number =>
  order.map((criterion) => criterion(a) - criterion(b)).find((difference) => difference !== 0) ?? 0

const idleSince: Criterion = ({ lastAssignedAt }) => lastAssignedAt?.getTime() ?? -1
const mostSpare: Criterion = ({ capacity, load }) => load - capacity
const fullest: Criterion = ({ capacity, load }) => load / capacity

const orders: Record<AssignmentStrategy, (wanted: Wanted) => Criterion[]> = {
  BEST_FIT: (wanted) => [
    (agent) => -topicsOf(agent, wanted).length,
    ...(needsSenior(wanted) ? [(agent: Candidate) => (isSenior(agent) ? 0 : 1)] : []),
    mostSpare,
    idleSince,
  ],
  LEAST_LOADED: () => [fullest, idleSince],
  ROUND_ROBIN: () => [idleSince],
}

const topicsOf = ({ skills }: Candidate, { topics }: Wanted): string[] => [...setOf(topics).intersection(setOf(skills))]
const isSenior = ({ role }: Candidate): boolean => role !== 'AGENT'
const isAtRisk = ({ churnRisk }: Wanted): boolean => churnRisk !== null && churnRisk >= highRisk
const needsSenior = (wanted: Wanted): boolean => wanted.isVip || isAtRisk(wanted)

function explain(agent: Candidate, wanted: Wanted, strategy: AssignmentStrategy): string {
  const { name, capacity, load } = agent
  const room = `${load} of ${capacity} tickets`
  if (strategy === 'ROUND_ROBIN') return `${name} has waited longest for a ticket.`
  if (strategy === 'LEAST_LOADED') return `${name} has the fewest tickets for their capacity: ${room}.`
  const skills = [...setOf(wanted.skills).union(new Set(topicsOf(agent, wanted)))]
  const why = [
    ...(skills.length > 0 ? [`is good at ${skills.join(', ')}`] : []),
    ...(needsSenior(wanted) && isSenior(agent)
      ? [`is senior, for ${wanted.isVip ? 'a VIP' : 'a customer who may leave'}`]
      : []),
    `has room: ${room}`,
  ]
  return `${name} ${why.join(', ')}.`
}
