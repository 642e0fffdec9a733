import type { ApiKey } from '../../generated/prisma/client.ts'

export type KeyStatus = 'LIVE' | 'EXPIRED' | 'REPLACED' | 'REVOKED'

type Ends = Pick<ApiKey, 'revokedAt' | 'expiresAt' | 'replacedById'>

/** Whether a key opens the door, and if not, why. At the instant of its end it does not. */
export function statusOf({ revokedAt, expiresAt, replacedById }: Ends, now: Date): KeyStatus {
  if (revokedAt) return 'REVOKED'
  if (!expiresAt || expiresAt > now) return 'LIVE'
  return replacedById ? 'REPLACED' : 'EXPIRED'
}

export const isLive = (key: Ends, now: Date): boolean => statusOf(key, now) === 'LIVE'

/** The same as a condition on rows. */
export const liveAt = (now: Date) => ({ revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] })
