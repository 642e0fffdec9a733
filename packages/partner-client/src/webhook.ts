import { Webhook } from 'standardwebhooks'
import { PartnerError } from './errors.ts'

/** As `Headers`, or as Node's server has them. */
export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>

/** A change of insight as a webhook tells it. `id` is the same at each delivery: what has been seen is to be left alone. */
export type WebhookMessage = { id: string; type: string; timestamp: string; data: Record<string, unknown> }

const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const

/**
 * The message of a webhook (standardwebhooks.com), if it was signed with the secret within five minutes. The body is the one that came, unparsed. While a
 * secret is changed, both are given. Throws WEBHOOK_INVALID.
 */
export function verifyWebhook(
  headers: WebhookHeaders,
  rawBody: string | Uint8Array,
  secrets: string | readonly string[],
): WebhookMessage {
  const body = textOf(rawBody)
  const given = Object.fromEntries(names.map((name) => [name, headerOf(headers, name)]))
  const message = [secrets]
    .flat()
    .map((secret) => verified(secret, body, given))
    .find((one) => one !== undefined)
  if (!message) throw invalid('It was not signed with this secret in the last five minutes.')
  return { ...message, id: given['webhook-id'] ?? '' }
}

function verified(secret: string, body: string, headers: Record<string, string>): WebhookMessage | undefined {
  try {
    const message: unknown = new Webhook(secret).verify(body, headers)
    return typeof message === 'object' ? ((message as WebhookMessage | null) ?? undefined) : undefined
  } catch {
    return undefined
  }
}

function headerOf(headers: WebhookHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? ''
  const [, value] = Object.entries(headers).find(([given]) => given.toLowerCase() === name) ?? []
  return [value].flat()[0] ?? ''
}

function textOf(rawBody: string | Uint8Array): string {
  try {
    return typeof rawBody === 'string'
      ? rawBody
      : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody)
  } catch {
    throw invalid('Its body is no text.')
  }
}

const invalid = (message: string) => new PartnerError('WEBHOOK_INVALID', `This is no webhook of ours. ${message}`)
