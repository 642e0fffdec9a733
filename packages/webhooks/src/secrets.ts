import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** For so long a replaced secret signs along. */
const overlapMs = 86_400_000

export type Secrets = { secret: string; previousSecret: string | null; rotatedAt: Date | null }

export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`

/** What tells secrets apart and gives none away. */
export const hintOf = ({ secret }: Pick<Secrets, 'secret'>): string => secret.slice(-4)

/** The secrets that sign at an instant, newest first. Pure. */
export function signingSecrets({ secret, previousSecret, rotatedAt }: Secrets, now: Date): string[] {
  const isOverlap = previousSecret !== null && rotatedAt !== null && now.getTime() - rotatedAt.getTime() < overlapMs
  return isOverlap ? [secret, previousSecret] : [secret]
}

/** The headers of the Standard Webhooks specification. Pure. */
export function signedHeaders(secrets: Secrets, { id, now, body }: { id: string; now: Date; body: string }) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signingSecrets(secrets, now)
      .map((secret) => new Webhook(secret).sign(id, now, body))
      .join(' '),
  }
}
