import { applyFact, newStage, promised } from './stage.ts'
import { finish, open, pass, retarget, stateOf, type Run } from './run.ts'

/** What of a ticket an SLA policy's conditions see. */
export type SlaSubject = {
  priority: string
  channel: string
  queueId: string | null
  teamId: string | null
  tags: string[]
  category: string | null
  isVip: boolean
}

/** What happened to a ticket that its clocks count; `at` in ISO form. Kept in order of `at` per ticket. */
export type SlaFact = { at: string } &
  /** `byAgent`: by a public message of an agent, which answers nothing: the first message of an agent in the history. */
  (
    | { kind: 'opened'; subject: SlaSubject; byAgent: boolean }
    | { kind: 'customer_message'; messageId: string }
    | { kind: 'agent_message'; messageId: string }
    /** As if the message had never been sent. */
    | { kind: 'recalled'; messageId: string }
    | { kind: 'status'; status: string; waitingOn: string | null }
    | { kind: 'changed'; subject: Partial<SlaSubject> }
  )

export type SlaMetric = 'FIRST_RESPONSE' | 'NEXT_RESPONSE' | 'REQUESTER_WAIT' | 'AGENT_WORK' | 'RESOLUTION'
export type SlaStatus = 'PENDING' | 'PAUSED' | 'IMMINENT_BREACH' | 'BREACHING' | 'ACHIEVED' | 'BREACHED' | 'CANCELLED'

/** One instance of one metric's clock. Instants in ISO form, so that it is stored as it is. */
export type SlaClockState = {
  metric: SlaMetric
  status: SlaStatus
  policyId: string
  policyVersion: number
  startedAt: string
  /** Null while it does not run towards a breach. */
  breachAt: string | null
  /** When the status next changes by itself; null if it does not. */
  nextChangeAt: string | null
  satisfiedAt: string | null
  /** When the warning first came, and the breach; null if they did not. */
  warnedAt: string | null
  breachedAt: string | null
  elapsedSeconds: number
  intervals: { from: string; to: string | null; counted: boolean; reason: string }[]
}

export type SlaTargetRule = {
  metric: SlaMetric
  priority: string
  seconds: number
  warnBeforeSeconds: number
  businessHours: boolean
}

/** A version of a policy, in force from `from` (ISO) until the next version of the same id. */
export type SlaPolicyVersion = {
  id: string
  version: number
  from: string
  order: number
  name: string
  conditions: unknown
  calendarId: string | null
  targets: SlaTargetRule[]
  isActive: boolean
}

export type CalendarVersion = {
  id: string
  version: number
  from: string
  name: string
  timeZone: string
  weekly: { weekday: number; opensAt: string; closesAt: string }[]
  holidays: { date: string; name: string }[]
}

export type SlaRules = { policies: readonly SlaPolicyVersion[]; calendars: readonly CalendarVersion[] }

/** Ended clocks of one metric that are kept, the newest. */
export const endedKept = 50

/** A ticket's clocks as they stand at `now`. Pure. None for a ticket whose opening is not known. */
export function clocksOf(history: readonly SlaFact[], rules: SlaRules, now: Date): SlaClockState[] {
  const until = now.getTime()
  const facts = effective(history, until)
  const first = facts[0]
  if (!first || !facts.some(({ kind }) => kind === 'opened')) return []

  const stage = newStage(facts)
  const runs = new Map<SlaMetric, Run>()
  const ended: SlaClockState[] = []
  let at = first.time
  const passTo = (to: number): void => {
    for (const run of runs.values()) pass(run, { stage, rules, from: at, to })
    at = to
  }
  const boundaries = calendarChanges(rules, at, until)
  for (const fact of facts) {
    while (boundaries[0] !== undefined && boundaries[0] <= fact.time) passTo(boundaries.shift() ?? at)
    passTo(fact.time)
    for (const { metric, satisfied } of applyFact(stage, fact, rules)) {
      const run = runs.get(metric)
      if (run) ended.push(finish(run, { at, satisfied }))
      runs.delete(metric)
    }
    for (const metric of stage.live) {
      const promise = promised(stage, metric)
      const run = runs.get(metric)
      if (run) retarget(run, promise)
      else if (promise) runs.set(metric, open(metric, promise, at))
    }
  }
  for (const boundary of boundaries) passTo(boundary)
  passTo(until)
  return inOrder([...bounded(ended), ...[...runs.values()].map((run) => stateOf(run, { stage, rules, at: until }))])
}

/** A fact that counts, with its time in milliseconds. */
export type TimedFact = SlaFact & { time: number }

/** What was known at `until`, in order, without what was recalled by then. */
function effective(history: readonly SlaFact[], until: number): TimedFact[] {
  const known = history.map((fact) => ({ ...fact, time: Date.parse(fact.at) })).filter(({ time }) => time <= until)
  const recalled = new Set(known.flatMap((fact) => (fact.kind === 'recalled' ? fact.messageId : [])))
  return known
    .filter((fact) => fact.kind !== 'recalled' && !('messageId' in fact && recalled.has(fact.messageId)))
    .toSorted((a, b) => a.time - b.time)
}

/** The instants at which calendars changed: from there on, what counts is asked of the new version. */
const calendarChanges = ({ calendars }: SlaRules, from: number, to: number): number[] =>
  calendars
    .map((calendar) => Date.parse(calendar.from))
    .filter((time) => time > from && time <= to)
    .toSorted((a, b) => a - b)

const metrics: readonly SlaMetric[] = ['FIRST_RESPONSE', 'NEXT_RESPONSE', 'REQUESTER_WAIT', 'AGENT_WORK', 'RESOLUTION']

function bounded(ended: readonly SlaClockState[]): SlaClockState[] {
  return metrics.flatMap((metric) => ended.filter((clock) => clock.metric === metric).slice(-endedKept))
}

const inOrder = (clocks: SlaClockState[]): SlaClockState[] =>
  clocks.sort(
    (a, b) =>
      Date.parse(a.startedAt) - Date.parse(b.startedAt) || metrics.indexOf(a.metric) - metrics.indexOf(b.metric),
  )
