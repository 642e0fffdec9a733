import { addOpenMs, openingsBetween } from './calendar.ts'
import type { CalendarVersion, SlaClockState, SlaMetric, SlaRules, SlaStatus } from './clock.ts'
import { calendarOf } from './rules.ts'
import { counts, reasonOf, type SlaPromise, type Stage } from './stage.ts'

type Piece = { from: number; to: number; counted: boolean; reason: string }

/** A clock on its way through a history. Instants and durations in milliseconds. */
export type Run = {
  metric: SlaMetric
  startedAt: number
  promise: SlaPromise
  /** Whether the policy in force promises anything; time without a promise does not count. */
  isPromised: boolean
  elapsed: number
  /** Since when it has been overdue, under the target as it is. */
  overdueSince: number | null
  warnedAt: number | null
  breachedAt: number | null
  pieces: Piece[]
}

/** A stretch of time in which nothing happens to the ticket, nor to its calendar. */
type Stretch = { stage: Stage; rules: SlaRules; from: number; to: number }

export const open = (metric: SlaMetric, promise: SlaPromise, at: number): Run => ({
  metric,
  startedAt: at,
  promise,
  isPromised: true,
  elapsed: 0,
  overdueSince: null,
  warnedAt: null,
  breachedAt: null,
  pieces: [],
})

/** Goes on under another promise with what was counted. */
export function retarget(run: Run, promise: SlaPromise | null): void {
  run.isPromised = promise !== null
  if (promise) run.promise = promise
}

/** Whether it is overdue, after all that happened at an instant: another target may have made it so, or not so. */
function settle(run: Run, at: number): void {
  if (!run.isPromised) return
  if (run.elapsed < targetOf(run)) run.overdueSince = null
  else if (run.overdueSince === null) {
    run.overdueSince = at
    run.breachedAt ??= at
  }
}

const targetOf = ({ promise }: Run): number => promise.target.seconds * 1_000

/** Lets time go by. What is due at the very end of a stretch has come, whatever happens then. */
export function pass(run: Run, { stage, rules, from, to }: Stretch): void {
  if (to <= from) return
  settle(run, from)
  if (!run.isPromised) return addPiece(run, { from, to, counted: false, reason: 'Nothing is promised' })
  if (!counts(stage, run.metric)) return addPiece(run, { from, to, counted: false, reason: reasonOf(stage) })
  const calendar = hoursOf(run, rules, from)
  const due = dueOf(run, calendar, from)
  if (due && due.warn <= to) run.warnedAt ??= due.warn
  if (due && due.breach <= to) {
    run.overdueSince = due.breach
    run.breachedAt ??= due.breach
  }
  if (calendar) return addHours(run, calendar, from, to)
  run.elapsed += to - from
  addPiece(run, { from, to, counted: true, reason: reasonOf(stage) })
}

/** The calendar that decides what counts; null where all hours do. */
function hoursOf({ promise: { policy, target } }: Run, rules: SlaRules, at: number): CalendarVersion | null {
  return target.businessHours && policy.calendarId !== null ? calendarOf(rules, policy.calendarId, at) : null
}

/** When it warns and breaches if all stays as it is; null if it is overdue already, or never. */
function dueOf(run: Run, calendar: CalendarVersion | null, from: number): { warn: number; breach: number } | null {
  const left = targetOf(run) - run.elapsed
  if (left <= 0) return null
  const breach = calendar ? addOpenMs(calendar, from, left) : from + left
  if (breach === null) return null
  return { warn: Math.max(from, breach - run.promise.target.warnBeforeSeconds * 1_000), breach }
}

function addHours(run: Run, calendar: CalendarVersion, from: number, to: number): void {
  let at = from
  for (const { start, end } of openingsBetween(calendar, from, to)) {
    addPiece(run, { from: at, to: start, counted: false, reason: 'Outside opening hours' })
    addPiece(run, { from: start, to: end, counted: true, reason: 'Opening hours' })
    run.elapsed += end - start
    at = end
  }
  addPiece(run, { from: at, to, counted: false, reason: 'Outside opening hours' })
}

function addPiece({ pieces }: Run, piece: Piece): void {
  const last = pieces.at(-1)
  if (piece.from >= piece.to) return
  if (last?.counted === piece.counted && last.reason === piece.reason) last.to = piece.to
  else pieces.push(piece)
}

/** The clock as it ended: what the target was at that time decides. */
export function finish(run: Run, { at, satisfied }: { at: number; satisfied: boolean }): SlaClockState {
  settle(run, at)
  const isKept = satisfied && run.isPromised
  const status = !isKept ? 'CANCELLED' : run.overdueSince === null ? 'ACHIEVED' : 'BREACHED'
  return {
    ...described(run, status),
    breachAt: status === 'BREACHED' ? iso(run.overdueSince) : null,
    nextChangeAt: null,
    satisfiedAt: isKept ? iso(at) : null,
    intervals: run.pieces.map((piece) => intervalOf(piece, piece.to)),
  }
}

/** The clock as it stands, time having passed until `at`. */
export function stateOf(run: Run, { stage, rules, at }: { stage: Stage; rules: SlaRules; at: number }): SlaClockState {
  settle(run, at)
  const isCounting = run.isPromised && counts(stage, run.metric)
  const due = isCounting && run.overdueSince === null ? dueOf(run, hoursOf(run, rules, at), at) : null
  const status = standing(run, { isCounting, isWarned: due !== null && due.warn <= at })
  if (status === 'IMMINENT_BREACH') run.warnedAt ??= at
  const pieces = run.pieces.length > 0 ? run.pieces : [{ from: at, counted: isCounting, reason: reasonOf(stage) }]
  return {
    ...described(run, status),
    breachAt: status === 'BREACHING' ? iso(run.overdueSince) : iso(due?.breach ?? null),
    nextChangeAt: iso((status === 'IMMINENT_BREACH' ? due?.breach : due?.warn) ?? null),
    satisfiedAt: null,
    intervals: pieces.map((piece, index) =>
      intervalOf(piece, 'to' in piece && index < pieces.length - 1 ? piece.to : null),
    ),
  }
}

function standing(run: Run, { isCounting, isWarned }: { isCounting: boolean; isWarned: boolean }): SlaStatus {
  if (!run.isPromised) return 'CANCELLED'
  if (run.overdueSince !== null) return 'BREACHING'
  if (!isCounting) return 'PAUSED'
  return isWarned ? 'IMMINENT_BREACH' : 'PENDING'
}

const described = (run: Run, status: SlaStatus) => ({
  metric: run.metric,
  status,
  policyId: run.promise.policy.id,
  policyVersion: run.promise.policy.version,
  startedAt: new Date(run.startedAt).toISOString(),
  warnedAt: iso(run.warnedAt),
  breachedAt: iso(run.breachedAt),
  elapsedSeconds: Math.floor(run.elapsed / 1_000),
})

const intervalOf = ({ from, counted, reason }: Omit<Piece, 'to'>, to: number | null) => ({
  from: new Date(from).toISOString(),
  to: iso(to),
  counted,
  reason,
})

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
