import type { SlaClockState, SlaMetric, SlaPolicyVersion } from './clock.ts'

const names: Record<SlaMetric, string> = {
  FIRST_RESPONSE: 'First response',
  NEXT_RESPONSE: 'Next response',
  REQUESTER_WAIT: 'Requester’s wait',
  AGENT_WORK: 'Agents’ work',
  RESOLUTION: 'Resolution',
}

/** A clock in a sentence. Pure. */
export function explain(clock: SlaClockState, { name, version }: Pick<SlaPolicyVersion, 'name' | 'version'>): string {
  const counted = duration(clock.elapsedSeconds)
  return `${names[clock.metric]} under “${name}” (version ${version}): ${counted} counted since ${clock.startedAt}; ${outcome(clock)}.`
}

function outcome({ status, breachAt, satisfiedAt }: SlaClockState): string {
  switch (status) {
    case 'PENDING':
      return breachAt === null ? 'it does not breach within ten years' : `it breaches at ${breachAt}`
    case 'IMMINENT_BREACH':
      return `it is about to breach, at ${breachAt}`
    case 'PAUSED':
      return 'it is paused'
    case 'BREACHING':
      return `it has been overdue since ${breachAt}`
    case 'ACHIEVED':
      return `satisfied in time at ${satisfiedAt}`
    case 'BREACHED':
      return `satisfied at ${satisfiedAt}, too late by then: it breached at ${breachAt}`
    case 'CANCELLED':
      return 'it ended without counting'
    default:
      return status satisfies never
  }
}

function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
  const said = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`)
  return said.length > 0 ? said.join(' ') : '0 s'
}
