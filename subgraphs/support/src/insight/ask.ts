import type { Clock } from '@quimbi/service/clock.ts'
import { withDeadline } from '@quimbi/service/deadline.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { SupportDatabase } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { openingCustomer, type Opening } from './opening.ts'
import { recordInsights, type Insight } from './record.ts'

/** Asks Intelligence what it thinks of a customer now; null when it knows nothing of them. May reject; ends when aborted. */
export type InsightSource = (
  about: { tenantId: string; customerId: string },
  signal: AbortSignal,
) => Promise<Omit<Insight, 'customerId'> | null>

export type AskDependencies = { database: SupportDatabase; clock: Clock; insight?: InsightSource | undefined }

/** A customer who waits for an answer is not kept waiting for ours. */
export const deadlineMs = 150

/**
 * Asks once before a ticket is opened, outside its transaction, and keeps the answer. Without an answer in time, or at all, the last snapshot
 * goes on ranking. Never rejects for Intelligence's sake.
 */
export async function refreshInsight(
  { database, clock, insight: source }: AskDependencies,
  about: { tenantId: string; customerId: string },
  withinMs = deadlineMs,
): Promise<'kept' | 'none' | 'away'> {
  if (!source || !isUuid(about.customerId)) return 'none'
  const answer = await withDeadline((signal) => source(about, signal), { ms: withinMs }).catch(() => undefined)
  if (answer === undefined) return 'away'
  if (answer === null) return 'none'
  const { tenantId, customerId } = about
  const who = { actor: systemActor('MODEL', 'Intelligence') }
  await database.transact(tenantId, (tx) =>
    recordInsights(tx, { tenantId, who, now: clock.now() }, [{ ...answer, customerId }]),
  )
  return 'kept'
}

/** Asks about whoever is about to open a ticket; about nobody where none is opened, or there is nobody to ask. */
export async function refreshOpening(dependencies: AskDependencies, tenantId: string, opening: Opening): Promise<void> {
  if (!dependencies.insight) return
  const customerId = await openingCustomer(dependencies.database.forTenant(tenantId), tenantId, opening)
  if (customerId) await refreshInsight(dependencies, { tenantId, customerId })
}
