import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import type { Logger } from './logging.ts'
import type { RedisClient } from './redis.ts'

/** Remembers that a nonce was used: true the first time within `ttlMs`, false after (or when it cannot be known). */
export type NonceStore = { remember(nonce: string, ttlMs: number): Promise<boolean> }

type MemoryOptions = { clock?: Clock; capacity?: number }

/**
 * Nonces of this process. A live one is never evicted to make room: when full, new requests are refused, because
 * forgetting would reopen the door to replays. The default holds 4,000 signed requests a second.
 */
export function memoryNonces({ clock = systemClock, capacity = 500_000 }: MemoryOptions = {}): NonceStore {
  const live = new Set<string>()
  const bySecond = new Map<number, string[]>()
  let swept = 0

  function sweep(second: number): void {
    if (second === swept) return
    swept = second
    for (const [expiry, nonces] of bySecond) {
      if (expiry >= second) continue
      for (const nonce of nonces) live.delete(nonce)
      bySecond.delete(expiry)
    }
  }

  return {
    async remember(nonce, ttlMs) {
      const now = clock.now().getTime()
      sweep(Math.floor(now / 1000))
      if (live.has(nonce) || live.size >= capacity) return false
      live.add(nonce)
      const expiry = Math.ceil((now + ttlMs) / 1000)
      const nonces = bySecond.get(expiry)
      if (nonces) nonces.push(nonce)
      else bySecond.set(expiry, [nonce])
      return true
    },
  }
}

type RedisNonceOptions = { redis: RedisClient; log: Logger; clock?: Clock; memory?: NonceStore }

// A Redis that hangs costs its command time-out: once in this time, not with each request.
const pauseMs = 1_000

/**
 * Nonces of all processes. Memory is asked first, always, so that a Redis which goes away cannot make this process
 * accept again what it has seen; while it is away, another process could.
 */
export function redisNonces({
  redis,
  log,
  clock = systemClock,
  memory = memoryNonces({ clock }),
}: RedisNonceOptions): NonceStore {
  let away = false
  let askAgainAt = 0
  return {
    async remember(nonce, ttlMs) {
      if (!(await memory.remember(nonce, ttlMs))) return false
      if (clock.now().getTime() < askAgainAt) return true
      try {
        const stored = await redis.set(`quimbi:nonce:${nonce}`, '1', 'PX', ttlMs, 'NX')
        away = false
        return stored === 'OK'
      } catch (error) {
        if (!away) log.warn({ err: error }, 'Redis is away: replays are refused per process only')
        away = true
        askAgainAt = clock.now().getTime() + pauseMs
        return true
      }
    },
  }
}
