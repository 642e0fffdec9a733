import type { Db } from '../database.ts'
import type { ActorRef, Doer } from '../log/actors.ts'

export type DecisionField =
  | 'PRIORITY'
  | 'CATEGORY'
  | 'TAG'
  | 'STATUS'
  | 'ASSIGNEE'
  | 'QUEUE'
  | 'SENTIMENT'
  | 'DIFFICULTY'
  | 'ESCALATION'
  | 'FOLLOW_UP'
  | 'MERGE'

/** What a rule or a model decided by itself. `confidence`: 0 to 1. */
export type NewDecision = {
  id: string
  field: DecisionField
  from: string | null
  to: string
  confidence: number
  evidence: string[]
  explanation: string
}

type DecidedStep = { decision?: NewDecision; at: Date; ticket: { id: string }; who: Doer }

/** Keeps the decisions of steps that carry one. */
export async function recordDecisions(tx: Db, tenantId: string, steps: readonly DecidedStep[]): Promise<void> {
  const data = steps.flatMap(({ decision, at, ticket, who }) =>
    decision ? [{ ...decision, tenantId, ticketId: ticket.id, madeBy: who.actor satisfies ActorRef, madeAt: at }] : [],
  )
  if (data.length > 0) await tx.decision.createMany({ data })
}
