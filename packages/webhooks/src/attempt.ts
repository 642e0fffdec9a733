import { request, type Dispatcher } from 'undici'
import { PrivateAddress } from './client.ts'
import type { Outcome } from './retry.ts'
import { signedHeaders, type Secrets } from './secrets.ts'

export type Sending = Secrets & { url: string; eventId: string; body: string }

const mostOfAnswer = 64 * 1_024

/** Posts one delivery. Never rejects; redirects are not followed, and what is answered is thrown away. */
export async function attempt(
  { url, eventId, body, ...secrets }: Sending,
  { dispatcher, now, signal }: { dispatcher: Dispatcher; now: Date; signal: AbortSignal },
): Promise<Outcome> {
  try {
    const answer = await request(url, {
      method: 'POST',
      dispatcher,
      signal,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Quimbi-Webhooks/1',
        ...signedHeaders(secrets, { id: eventId, now, body }),
      },
      body,
    })
    const { statusCode } = answer
    // The status is the answer: a body that breaks off changes nothing.
    await answer.body.dump({ limit: mostOfAnswer, signal }).catch(() => {})
    const isFine = statusCode >= 200 && statusCode < 300
    return { statusCode, error: isFine ? null : `It answered ${statusCode}.` }
  } catch (error) {
    return { statusCode: null, error: describe(error, signal) }
  }
}

/** Without what the other side says of itself. */
function describe(error: unknown, signal: AbortSignal): string {
  if (error instanceof PrivateAddress) return error.message
  if (signal.aborted) return 'It took too long.'
  const code = (error as { code?: unknown } | null)?.code
  return `It could not be reached${typeof code === 'string' ? `: ${code}` : ''}.`
}
