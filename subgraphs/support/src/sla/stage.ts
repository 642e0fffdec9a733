import { policyOf } from './rules.ts'
import type { SlaMetric, SlaPolicyVersion, SlaRules, SlaSubject, SlaTargetRule, TimedFact } from './clock.ts'

/** Where a ticket stands between two facts: what is being measured, and what is promised about it. */
export type Stage = {
  live: Set<SlaMetric>
  status: string
  waitingOn: string | null
  subject: SlaSubject | null
  policy: SlaPolicyVersion | null
  /** The agent's message that opened the ticket: it answers nothing. */
  openingMessageId: string | null
}

/** What is promised of one metric, by whom. */
export type SlaPromise = { policy: SlaPolicyVersion; target: SlaTargetRule }

type End = { metric: SlaMetric; satisfied: boolean }

const untilClosed: readonly SlaMetric[] = ['REQUESTER_WAIT', 'AGENT_WORK', 'RESOLUTION']

export function newStage(facts: readonly TimedFact[]): Stage {
  const byAgent = facts.some((fact) => fact.kind === 'opened' && fact.byAgent)
  const first = facts.find((fact) => fact.kind === 'agent_message')
  return {
    live: new Set(),
    status: 'OPEN',
    waitingOn: null,
    subject: null,
    policy: null,
    openingMessageId: byAgent && first?.kind === 'agent_message' ? first.messageId : null,
  }
}

/** What the policy in force promises of a metric; null if nothing. */
export function promised({ policy, subject }: Stage, metric: SlaMetric): SlaPromise | null {
  const target = policy?.targets.find((one) => one.metric === metric && one.priority === subject?.priority)
  return policy && target ? { policy, target } : null
}

/** Moves the stage on; the metrics that end with it. */
export function applyFact(stage: Stage, fact: TimedFact, rules: SlaRules): End[] {
  switch (fact.kind) {
    case 'opened':
      stage.subject = fact.subject
      stage.policy = policyOf(rules, fact.subject, fact.time)
      for (const metric of ['FIRST_RESPONSE', ...untilClosed] as const) stage.live.add(metric)
      return []
    case 'changed':
      if (!stage.subject) return []
      stage.subject = { ...stage.subject, ...fact.subject }
      stage.policy = policyOf(rules, stage.subject, fact.time)
      return []
    case 'customer_message':
      stage.live.add('NEXT_RESPONSE')
      return []
    case 'agent_message':
      return end(
        stage,
        fact.messageId === stage.openingMessageId ? ['NEXT_RESPONSE'] : ['FIRST_RESPONSE', 'NEXT_RESPONSE'],
        true,
      )
    case 'status':
      return changeStatus(stage, fact)
    case 'recalled':
      return []
    default:
      return fact satisfies never
  }
}

function changeStatus(stage: Stage, { status, waitingOn }: { status: string; waitingOn: string | null }): End[] {
  const wasClosed = stage.status === 'CLOSED'
  stage.status = status
  stage.waitingOn = waitingOn
  if (status === 'CLOSED')
    return [...end(stage, untilClosed, true), ...end(stage, ['FIRST_RESPONSE', 'NEXT_RESPONSE'], false)]
  if (wasClosed) for (const metric of untilClosed) stage.live.add(metric)
  return []
}

const end = (stage: Stage, metrics: readonly SlaMetric[], satisfied: boolean): End[] =>
  metrics.filter((metric) => stage.live.delete(metric)).map((metric) => ({ metric, satisfied }))

/** Whether time counts for a metric as the ticket stands. */
export function counts({ status, waitingOn }: Stage, metric: SlaMetric): boolean {
  if (status !== 'PENDING') return true
  if (metric === 'REQUESTER_WAIT') return waitingOn !== 'CUSTOMER'
  // A snooze is the team's own time.
  return metric !== 'AGENT_WORK' || waitingOn === 'SNOOZE'
}

/** The stage in words. */
export function reasonOf({ status, waitingOn }: Stage): string {
  if (status === 'OPEN') return 'Open'
  if (status === 'CLOSED') return 'Closed'
  if (waitingOn === 'SNOOZE') return 'Snoozed'
  return waitingOn === 'THIRD_PARTY' ? 'Waiting on a third party' : 'Waiting on the customer'
}
