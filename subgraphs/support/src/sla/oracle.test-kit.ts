// The SLA clock once more, slow and obvious, for tests and the benchmark: a bitmap of open seconds for each version of a calendar, and each
// metric read off the definition. It shares nothing with clock.ts but the types, and knows whole seconds only.
import { holds } from '../common/conditions.ts'
import { firstSecond, type OpenSeconds } from './bitmap.test-kit.ts'
import type {
  CalendarVersion,
  SlaClockState,
  SlaFact,
  SlaMetric,
  SlaPolicyVersion,
  SlaRules,
  SlaSubject,
} from './clock.ts'

export type OracleWorld = {
  rules: SlaRules
  /** Seconds since 1970, at a whole quarter. */
  start: number
  length: number
  bitmaps: ReadonlyMap<CalendarVersion, OpenSeconds>
}

/** What the oracle says of a clock; instants in seconds, Infinity: beyond the span. */
export type Verdict = {
  metric: SlaMetric
  status: string
  policy: string
  startedAt: number
  breachAt: number | null
  nextChangeAt: number | null
  satisfiedAt: number | null
  warnedAt: number | null
  breachedAt: number | null
  elapsedSeconds: number
}

type Moment = {
  at: number
  fact: SlaFact
  status: string
  waitingOn: string | null
  subject: SlaSubject | null
  policy: SlaPolicyVersion | null
}
/** A time that a metric measures, by the places of its first and last fact. */
type Span = { metric: SlaMetric; first: number; last: number | null; satisfied: boolean }

const secondOf = (iso: string): number => Date.parse(iso) / 1_000

export function oracle(world: OracleWorld, history: readonly SlaFact[], now: number): Verdict[] {
  const moments = momentsOf(world.rules, history, now)
  return spansOf(moments).flatMap((span) => verdictOf(world, moments, span, now))
}

/** The ticket after each fact. */
function momentsOf(rules: SlaRules, history: readonly SlaFact[], now: number): Moment[] {
  const known = history.filter((fact) => secondOf(fact.at) <= now)
  const gone = known.filter((fact) => fact.kind === 'recalled').map((fact) => fact.messageId)
  const facts = known.filter(
    (fact) => fact.kind !== 'recalled' && !('messageId' in fact && gone.includes(fact.messageId)),
  )
  facts.sort((a, b) => secondOf(a.at) - secondOf(b.at))
  const moments: Moment[] = []
  for (const fact of facts) {
    const at = secondOf(fact.at)
    const { status, waitingOn, subject, policy } = moments.at(-1) ?? {
      status: 'OPEN',
      waitingOn: null,
      subject: null,
      policy: null,
    }
    const moment: Moment = { at, fact, status, waitingOn, subject, policy }
    if (fact.kind === 'status') Object.assign(moment, { status: fact.status, waitingOn: fact.waitingOn })
    if (fact.kind === 'opened') moment.subject = fact.subject
    if (fact.kind === 'changed' && subject) moment.subject = { ...subject, ...fact.subject }
    if (moment.subject && (fact.kind === 'opened' || fact.kind === 'changed'))
      moment.policy = winner(rules, moment.subject, at)
    moments.push(moment)
  }
  return moments
}

function winner({ policies }: SlaRules, subject: SlaSubject, at: number): SlaPolicyVersion | null {
  const candidates = policies.filter((policy) => {
    const inForce = policies.filter(({ id, from }) => id === policy.id && secondOf(from) <= at)
    const newest = Math.max(...inForce.map(({ version }) => version))
    return (
      inForce.includes(policy) &&
      policy.version === newest &&
      policy.isActive &&
      holds(policy.conditions, { is: subject })
    )
  })
  return candidates.toSorted((a, b) => a.order - b.order || a.id.localeCompare(b.id))[0] ?? null
}

function spansOf(moments: readonly Moment[]): Span[] {
  const opening = moments.findIndex(({ fact }) => fact.kind === 'opened')
  const isClosing = ({ fact }: Moment) => fact.kind === 'status' && fact.status === 'CLOSED'
  const firstAfter = (from: number, is: (moment: Moment) => boolean) => {
    const found = moments.findIndex((moment, index) => index >= from && is(moment))
    return found === -1 ? null : found
  }
  const opened = moments[opening]?.fact
  const opener =
    opened?.kind === 'opened' && opened.byAgent ? moments.find(({ fact }) => fact.kind === 'agent_message') : null
  const isReply = (moment: Moment) => moment.fact.kind === 'agent_message'
  const spans: Span[] = []

  const answered = firstAfter(opening, (moment) => (isReply(moment) && moment !== opener) || isClosing(moment))
  spans.push({ metric: 'FIRST_RESPONSE', first: opening, last: answered, satisfied: isReplyAt(moments, answered) })

  for (let first = firstAfter(0, ({ fact }) => fact.kind === 'customer_message'); first !== null;) {
    const last = firstAfter(first, (moment) => isReply(moment) || isClosing(moment))
    spans.push({ metric: 'NEXT_RESPONSE', first, last, satisfied: isReplyAt(moments, last) })
    first = last === null ? null : firstAfter(last, ({ fact }) => fact.kind === 'customer_message')
  }

  for (const metric of ['REQUESTER_WAIT', 'AGENT_WORK', 'RESOLUTION'] as const)
    for (let first: number | null = opening; first !== null;) {
      const last = firstAfter(first, isClosing)
      spans.push({ metric, first, last, satisfied: true })
      first = last === null ? null : firstAfter(last, ({ status }) => status !== 'CLOSED')
    }
  return spans
}

const isReplyAt = (moments: readonly Moment[], index: number | null): boolean =>
  index !== null && moments[index]?.fact.kind === 'agent_message'

function isCounting(metric: SlaMetric, { status, waitingOn }: Moment): boolean {
  if (metric === 'REQUESTER_WAIT') return !(status === 'PENDING' && waitingOn === 'CUSTOMER')
  if (metric === 'AGENT_WORK') return !(status === 'PENDING' && waitingOn !== 'SNOOZE')
  return true
}

function verdictOf(world: OracleWorld, moments: readonly Moment[], span: Span, now: number): Verdict[] {
  const { metric } = span
  const end = span.last === null ? now : (moments[span.last]?.at ?? now)
  const mine = moments.filter((_, index) => index >= span.first && (span.last === null || index < span.last))
  const promiseAt = ({ policy, subject }: Moment) =>
    policy?.targets.find((one) => one.metric === metric && one.priority === subject?.priority)
  const firstPromised = mine.find((moment) => promiseAt(moment))
  if (!firstPromised) return []

  const startedAt = firstPromised.at
  const versions = world.rules.calendars.map(({ from }) => secondOf(from))
  const times = [...new Set([...mine.map(({ at }) => at), ...versions, end])].filter(
    (at) => at >= startedAt && at <= end,
  )
  times.sort((a, b) => a - b)

  let elapsed = 0
  let overdueSince: number | null = null
  let warnedAt: number | null = null
  let breachedAt: number | null = null
  let status = ''
  let breachAt: number | null = null
  let nextChangeAt: number | null = null
  for (const [index, from] of times.entries()) {
    const moment = mine.findLast(({ at }) => at <= from)
    const to = times[index + 1] ?? end
    // A clock that ends gives its last second to what ended it.
    if (!moment || (span.last !== null && from === end)) continue
    const target = promiseAt(moment)
    breachAt = nextChangeAt = null
    status = 'CANCELLED'
    if (!target) continue
    if (elapsed < target.seconds) overdueSince = null
    else overdueSince ??= from
    breachedAt ??= overdueSince
    const counting = isCounting(metric, moment)
    const opens =
      target.businessHours && moment.policy?.calendarId ? bitmapAt(world, moment.policy.calendarId, from) : null
    const base = elapsed
    const elapsedAt = (second: number) => base + (counting ? countedBetween(world, opens, from, second) : 0)
    if (overdueSince !== null) [status, breachAt] = ['BREACHING', overdueSince]
    else if (!counting) status = 'PAUSED'
    else {
      breachAt = firstSecond(from, world.start + world.length, (second) => elapsedAt(second) >= target.seconds)
      const warnAt = Math.max(from, breachAt - target.warnBeforeSeconds)
      if (warnAt <= to) warnedAt ??= warnAt
      if (breachAt <= to) {
        overdueSince = breachAt
        breachedAt ??= breachAt
      }
      status = breachAt <= to ? 'BREACHING' : warnAt <= to ? 'IMMINENT_BREACH' : 'PENDING'
      nextChangeAt = status === 'PENDING' ? warnAt : status === 'IMMINENT_BREACH' ? breachAt : null
    }
    elapsed = elapsedAt(to)
  }
  if (span.last !== null) {
    // The facts of its last second that came before its end may still have changed what was promised.
    const target = mine.at(-1) && promiseAt(mine.at(-1) as Moment)
    if (target && elapsed < target.seconds) overdueSince = null
    else if (target) overdueSince ??= end
    if (target) breachedAt ??= overdueSince
    status = !span.satisfied || !target ? 'CANCELLED' : overdueSince === null ? 'ACHIEVED' : 'BREACHED'
    breachAt = status === 'BREACHED' ? overdueSince : null
    nextChangeAt = null
  }
  const satisfiedAt = status === 'ACHIEVED' || status === 'BREACHED' ? end : null
  const policy = mine.findLast((moment) => promiseAt(moment))?.policy
  const by = `${policy?.id} ${policy?.version}`
  return [
    {
      metric,
      status,
      policy: by,
      startedAt,
      breachAt,
      nextChangeAt,
      satisfiedAt,
      warnedAt,
      breachedAt,
      elapsedSeconds: elapsed,
    },
  ]
}

function bitmapAt({ rules, bitmaps }: OracleWorld, id: string, at: number): OpenSeconds {
  const versions = rules.calendars.filter((calendar) => calendar.id === id).toSorted((a, b) => a.version - b.version)
  const inForce = versions.findLast(({ from }) => secondOf(from) <= at) ?? versions[0]
  const bitmap = inForce && bitmaps.get(inForce)
  if (!bitmap) throw new Error(`There is no bitmap of ${id}.`)
  return bitmap
}

function countedBetween({ start }: OracleWorld, opens: OpenSeconds | null, from: number, to: number): number {
  return opens ? (opens[to - start] ?? 0) - (opens[from - start] ?? 0) : to - from
}

/** A clock in the oracle's terms. */
export function asVerdict({ start, length }: OracleWorld, clock: SlaClockState): Verdict {
  const second = (iso: string | null) => (iso === null ? null : secondOf(iso))
  const breachAt = second(clock.breachAt)
  const isRunning = clock.status === 'PENDING' || clock.status === 'IMMINENT_BREACH'
  const isFar = isRunning && (breachAt === null || breachAt > start + length)
  return {
    metric: clock.metric,
    status: clock.status,
    policy: `${clock.policyId} ${clock.policyVersion}`,
    startedAt: secondOf(clock.startedAt),
    breachAt: isFar ? Infinity : breachAt,
    nextChangeAt: isFar ? Infinity : second(clock.nextChangeAt),
    satisfiedAt: second(clock.satisfiedAt),
    warnedAt: second(clock.warnedAt),
    breachedAt: second(clock.breachedAt),
    elapsedSeconds: clock.elapsedSeconds,
  }
}
