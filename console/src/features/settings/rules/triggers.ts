import type { AutomationTrigger } from './generated/Rules.ts'

/** What a rule can react to, as it is said. */
export const triggerWords: Record<AutomationTrigger, string> = {
  TICKET_CREATED: 'A ticket is opened',
  MESSAGE_RECEIVED: 'A customer writes',
  TICKET_UPDATED: 'A ticket changes',
  SLA_WARNING: 'A promise is about to be broken',
  SLA_BREACHED: 'A promise is broken',
  CHURN_RISK_ROSE: 'A customer’s churn risk rises',
  TIME_IN_STATE: 'A ticket stays in its state for a time',
}

export const triggers = Object.keys(triggerWords) as AutomationTrigger[]
