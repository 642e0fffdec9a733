import { setTimeout } from 'node:timers/promises'
import { throttled } from '@quimbi/service/throttled.ts'

/** What a budget answers; see `Budget.take`. */
type Taken = { allowed: boolean; retryAfterMs: number }

/**
 * Takes points of a budget page by page. Where too few are left it waits for them, and so exports as fast as they come back; for longer than
 * `mostMs` nobody is kept waiting.
 * @throws GraphQLError THROTTLED
 */
export async function payOrWait(
  take: () => Promise<Taken>,
  mostMs = 30_000,
  wait: (ms: number) => Promise<unknown> = setTimeout,
): Promise<void> {
  for (let left = mostMs; ;) {
    const { allowed, retryAfterMs } = await take()
    if (allowed) return
    // At least a little: a budget that answers "at once" and refuses again must not be asked without end.
    const ms = Math.max(retryAfterMs, 50)
    if (ms > left) throw throttled('QUERY_BUDGET', ms)
    left -= ms
    await wait(ms)
  }
}
