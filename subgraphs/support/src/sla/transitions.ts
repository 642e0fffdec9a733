import { endedKept, type SlaClockState, type SlaStatus } from './clock.ts'

/** What a change of a clock is called in the log, with the instant at which it happened (ISO). */
export type SlaTransition = {
  type: 'SLA_STARTED' | 'SLA_WARNING' | 'SLA_BREACHED' | 'SLA_ACHIEVED'
  at: string
  clock: SlaClockState
}

/** What became of the clocks between two looks, in the order of its time, each thing told once. Pure. */
export function transitions(before: readonly SlaClockState[], after: readonly SlaClockState[]): SlaTransition[] {
  const known = instances(before)
  return [...instances(after)]
    .flatMap(([name, clock]) => {
      const earlier = known.get(name)
      return earlier || !wasForgotten(clock, before) ? told(earlier, clock) : []
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** Clocks by metric and start; of several that started at one instant, each by its turn. */
function instances(clocks: readonly SlaClockState[]): Map<string, SlaClockState> {
  const named = new Map<string, SlaClockState>()
  for (const clock of clocks) {
    let turn = 0
    const name = () => `${clock.metric} ${clock.startedAt} ${turn}`
    while (named.has(name())) turn += 1
    named.set(name(), clock)
  }
  return named
}

function told(known: SlaClockState | undefined, clock: SlaClockState): SlaTransition[] {
  const news: [SlaTransition['type'], string | null][] = [
    ['SLA_STARTED', known ? null : clock.startedAt],
    ['SLA_WARNING', known?.warnedAt ? null : clock.warnedAt],
    ['SLA_BREACHED', known?.breachedAt ? null : clock.breachedAt],
    ['SLA_ACHIEVED', clock.status === 'ACHIEVED' && known?.status !== 'ACHIEVED' ? clock.satisfiedAt : null],
  ]
  return news.flatMap(([type, at]) => (at === null ? [] : { type, at, clock }))
}

/** Only so many ended clocks are kept: one older than those is no news when it comes into view again. */
function wasForgotten({ metric, startedAt }: SlaClockState, before: readonly SlaClockState[]): boolean {
  const others = before.filter((clock) => clock.metric === metric)
  return others.length >= endedKept && others.every((clock) => Date.parse(startedAt) < Date.parse(clock.startedAt))
}

/** The most pressing state of a ticket's clocks; null without one. */
export function pressingStatus(clocks: readonly SlaClockState[]): SlaStatus | null {
  const order: SlaStatus[] = ['BREACHING', 'IMMINENT_BREACH', 'PENDING', 'PAUSED', 'BREACHED', 'ACHIEVED', 'CANCELLED']
  return order.find((status) => clocks.some((clock) => clock.status === status)) ?? null
}
