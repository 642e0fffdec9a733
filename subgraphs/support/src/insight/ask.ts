import type { Clock } from '@quimbi/service/clock.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { SupportDatabase } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import { recordInsights, type Insight } from './record.ts'

/** Asks Intelligence what it thinks of a customer now; null when it knows nothing of them. May reject; ends when aborted. */
export type InsightSource = (
  about: { tenantId: string; customerId: string },
  signal: AbortSignal,
) => Promise<Omit<Insight, 'customerId'> | null>

export type AskDependencies = { database: SupportDatabase; clock: Clock; insight?: InsightSource | undefined }

/** A customer who waits for an answer is not kept waiting for ours. */
const deadlineMs = 150

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
  const answer = await inTime(source, about, withinMs)
  if (answer === undefined) return 'away'
  if (answer === null) return 'none'
  const { tenantId, customerId } = about
  const who = { actor: systemActor('MODEL', 'Intelligence') }
  await database.transact(tenantId, (tx) =>
    recordInsights(tx, { tenantId, who, now: clock.now() }, [{ ...answer, customerId }]),
  )
  return 'kept'
}

/** The answer; undefined when it did not come in time or the source failed. */
async function inTime(
  source: InsightSource,
  about: { tenantId: string; customerId: string },
  withinMs: number,
): Promise<Omit<Insight, 'customerId'> | null | undefined> {
  const controller = new AbortController()
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => {
    late.resolve(undefined)
    controller.abort()
  }, withinMs)
  try {
    // Awaited inside, so that a source that throws is one that fails.
    const answer = (async () => source(about, controller.signal))().catch(() => undefined)
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
