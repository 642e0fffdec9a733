import { createHash } from 'node:crypto'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { RedisClient } from './redis.ts'

export type LoginAttempt = { tenant: string; email: string; address: string }
export type LoginVerdict = { allowed: boolean; retryAfterMs: number }

export type LoginLimiter = {
  /** Call before the password is looked at: it counts the attempt. */
  attempt(login: LoginAttempt): Promise<LoginVerdict>
  /** The password was right: the account starts afresh, and this attempt no longer counts against the address. */
  succeeded(login: LoginAttempt): Promise<void>
}

type LoginLimiterOptions = {
  redis?: RedisClient | undefined
  perAccount?: number
  perAddress?: number
  windowSeconds?: number
}

/**
 * Guessing is limited by account (tenant and email) and by address, over 15 minutes. Counted in Redis when there is
 * one, in memory while it is away.
 */
export function createLoginLimiter(options: LoginLimiterOptions = {}): LoginLimiter {
  const { redis, perAccount = 10, perAddress = 100, windowSeconds = 15 * 60 } = options
  const accounts = limiter('login-account', perAccount, windowSeconds, redis)
  const addresses = limiter('login-address', perAddress, windowSeconds, redis)
  return {
    async attempt(login) {
      const byAddress = await consume(addresses, addressKey(login))
      if (!byAddress.allowed) return byAddress
      return consume(accounts, accountKey(login))
    },
    async succeeded(login) {
      // Not reset for the address: one's own account must not buy fresh guesses at the others.
      await Promise.all([accounts.delete(accountKey(login)), addresses.reward(addressKey(login), 1)])
    },
  }
}

function limiter(
  keyPrefix: string,
  points: number,
  duration: number,
  redis: RedisClient | undefined,
): RateLimiterAbstract {
  const memory = new RateLimiterMemory({ keyPrefix, points, duration })
  if (!redis) return memory
  return new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `quimbi:${keyPrefix}`,
    points,
    duration,
    insuranceLimiter: memory,
  })
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<LoginVerdict> {
  try {
    await limiter.consume(key)
    return { allowed: true, retryAfterMs: 0 }
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes)
      return { allowed: false, retryAfterMs: Math.max(1, rejection.msBeforeNext) }
    throw rejection
  }
}

// Hashed: no email addresses in Redis.
function accountKey({ tenant, email }: LoginAttempt): string {
  return createHash('sha256')
    .update(JSON.stringify([tenant, email.toLowerCase()]))
    .digest('base64url')
}

// An IPv6 customer owns a /64: each of its addresses would be a fresh start.
export function addressKey({ address }: Pick<LoginAttempt, 'address'>): string {
  const mapped = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!mapped.includes(':')) return mapped
  const [head = '', tail] = mapped.split('::')
  const groups = head.split(':').filter(Boolean)
  if (tail !== undefined)
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - tail.split(':').length)).fill('0'))
  return groups.slice(0, 4).join(':')
}
