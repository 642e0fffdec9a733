import type { SlaFact } from '../sla/clock.ts'

type Said = Extract<SlaFact, { messageId: string }>

const isSaid = (fact: SlaFact): fact is Said => 'messageId' in fact

/** What was said and stands: recalled messages and their recalls left out. */
function standing(history: readonly SlaFact[]): Said[] {
  const said = history.filter(isSaid)
  const recalled = new Set(said.flatMap((fact) => (fact.kind === 'recalled' ? [fact.messageId] : [])))
  return said.filter((fact) => fact.kind !== 'recalled' && !recalled.has(fact.messageId))
}

/**
 * The facts that go along with messages (all, or those named) to a ticket that was opened at `openedAt`. What was answered
 * before that is over; a customer message that still waited then counts from there on. Pure.
 */
export function movedFacts(history: readonly SlaFact[], openedAt: Date, messageIds?: ReadonlySet<string>): SlaFact[] {
  const opened = openedAt.toISOString()
  const moved = standing(history).filter(({ messageId }) => messageIds?.has(messageId) ?? true)
  const lastAnswer = moved.findLastIndex(({ kind, at }) => kind === 'agent_message' && at < opened)
  return moved
    .filter(({ at, kind }, index) => at >= opened || (kind === 'customer_message' && index > lastAnswer))
    .map((fact) => (fact.at < opened ? { ...fact, at: opened } : fact))
}

/** What the ticket that messages left counts from now on: those of the customer that still waited were not said here. Pure. */
export function leftFacts(history: readonly SlaFact[], now: Date, messageIds: ReadonlySet<string>): SlaFact[] {
  const said = standing(history)
  const lastAnswer = said.findLastIndex(({ kind }) => kind === 'agent_message')
  return said
    .filter(
      ({ kind, messageId }, index) => kind === 'customer_message' && index > lastAnswer && messageIds.has(messageId),
    )
    .map(({ messageId }) => ({ at: now.toISOString(), kind: 'recalled', messageId }))
}
