import type { Operation } from './documents.ts'
import { PartnerError } from './errors.ts'
import { answerError, answerOf, send, toldOf } from './http.ts'
import type { Link } from './link.ts'
import type { Told } from './pace.ts'
import type { CallOptions } from './types.ts'
import { within } from './within.ts'

type Limits = ReturnType<Link['limits']>

/**
 * Sends an operation, waiting before it where it would be refused, and again where an answer was lost or the server says that another try may
 * do. What must not happen twice is sent again only when it was refused before anything was done.
 */
export async function call(link: Link, operation: Operation, variables: object, given?: CallOptions): Promise<unknown> {
  const limits = link.limits(given)
  const body = JSON.stringify({ query: operation.text, variables })
  for (let attempt = 1, failed = 0; ; attempt += 1) {
    try {
      return await once(link, operation.text, body, attempt, limits)
    } catch (error) {
      const isThrottled = error instanceof PartnerError && error.code === 'THROTTLED'
      if (!isThrottled) failed += 1
      if (!mayRepeat(error, operation) || failed >= link.maxAttempts) throw error
      await pause(link, error, attempt, limits)
    }
  }
}

function mayRepeat(error: unknown, { repeat }: Operation): error is PartnerError {
  if (!(error instanceof PartnerError) || !error.retryable) return false
  return repeat === 'freely' || (error.code === 'THROTTLED' && error.partialData === undefined)
}

/** One try. */
async function once(link: Link, text: string, body: string, attempt: number, limits: Limits): Promise<unknown> {
  const { pace, slots, clock, timeoutMs, url } = link
  const leave = await slots.take(limits.signal)
  let told: Told = {}
  let over = (_told: Told) => {}
  try {
    await paced(link, text, attempt, limits)
    over = pace.send(text)
    const ms = Math.min(timeoutMs, limits.until - clock.now())
    return await within(clock, ms, limits.signal, async (signal) => {
      const accept = 'application/graphql-response+json, application/json'
      const response = await send(link, { url, method: 'POST', accept, body, signal })
      told = toldOf(response)
      const answer = await answerOf(link, response)
      told = toldOf(response, answer)
      const error = answerError(link, response, answer)
      if (error) throw error
      return answer.data
    })
  } finally {
    over(told)
    leave()
  }
}

/** Waits until the key's limits allow the document. THROTTLED where that is after the end of the call. */
export async function paced(link: Link, text: string, attempt: number, { signal, until }: Limits): Promise<void> {
  const { pace, clock, onThrottle } = link
  for (let waitMs = pace.waitMs(text); waitMs > 0; waitMs = pace.waitMs(text)) {
    const facts = { reason: tooLate, retryable: true, retryAfterMs: waitMs }
    if (clock.now() + waitMs > until)
      throw new PartnerError(
        'THROTTLED',
        `The key's limits allow this in ${waitMs} ms: later than the call may take.`,
        facts,
      )
    onThrottle({ waitMs, reason: 'PACED', attempt })
    await clock.wait(waitMs, signal)
  }
}

const [firstMs, mostMs] = [250, 10_000]
/** Of a call that would wait beyond its end: nothing was sent. */
const tooLate = 'TOO_LATE'

/** Waits before the next try, as long as the server asks for, the longer the oftener it failed, never twice the same. */
export async function pause(
  link: Link,
  error: PartnerError,
  attempt: number,
  { signal, until }: Limits,
): Promise<void> {
  const { clock, random, pace, onThrottle } = link
  const isThrottled = error.code === 'THROTTLED'
  const backOff = Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 10)) * (1 - random() / 2)
  const asked = error.retryAfterMs === undefined ? 0 : error.retryAfterMs * (1 + random() / 10)
  const waitMs = Math.ceil(Math.max(asked, isThrottled && asked > 0 ? firstMs : backOff))
  if (error.reason === tooLate || clock.now() + waitMs >= until) throw error
  // The whole key is throttled, not this call alone.
  if (isThrottled) pace.block(waitMs)
  onThrottle({ waitMs, reason: isThrottled ? 'THROTTLED' : 'RETRY', attempt })
  await clock.wait(waitMs, signal)
}
