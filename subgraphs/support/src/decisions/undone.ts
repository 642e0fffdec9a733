import type { Db } from '../database.ts'
import type { DecisionField } from './record.ts'

export type Choice = { field: string; from: string | null; to: string }

// When a follow-up is due says nothing of whether one is wanted.
const keyOf = ({ field, from, to }: Choice): string =>
  JSON.stringify(field === 'FOLLOW_UP' ? [field] : [field, to, to === '' ? from : null])

/** What was taken back on a ticket, and so is not decided again. */
export type Undone = { has(choice: { field: DecisionField; from: string | null; to: string }): boolean }

/** Pure. */
export function undoneBy(decisions: readonly Choice[]): Undone {
  const keys = new Set(decisions.map(keyOf))
  return { has: (choice) => keys.has(keyOf(choice)) }
}

/** What was taken back on a ticket. */
export async function undoneOn(tx: Db, tenantId: string, ticketId: string): Promise<Undone> {
  const where = { tenantId, ticketId, undoneAt: { not: null } }
  return undoneBy(await tx.decision.findMany({ where, select: { field: true, from: true, to: true } }))
}
