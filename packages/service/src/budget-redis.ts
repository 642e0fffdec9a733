import { createHash } from 'node:crypto'
import { memoryBudget, type Account, type Budget, type Verdict } from './budget.ts'
import type { Clock } from './clock.ts'
import type { RedisClient } from './redis.ts'

// The same rule as `charge`, where all instances see one bucket; by Redis's own clock. Fractions travel as text: replies are whole numbers.
const script = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local wait = 0
local points = {}
for i, key in ipairs(KEYS) do
  local wanted, capacity, rate = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]) / 60000
  local known = redis.call('HMGET', key, 'points', 'at')
  local have = capacity
  if known[1] then have = math.min(capacity, known[1] + math.max(0, now - known[2]) * rate) end
  local missing = math.min(wanted, capacity) - have
  if missing > 0 then wait = math.max(wait, math.ceil(missing / rate)) end
  points[i] = have
end
local remaining = {}
for i, key in ipairs(KEYS) do
  local wanted, capacity, rate = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]) / 60000
  local left = points[i]
  if wait == 0 then left = math.min(capacity, math.max(0, left - wanted)) end
  redis.call('HSET', key, 'points', string.format('%.3f', left), 'at', string.format('%.3f', now))
  redis.call('PEXPIRE', key, math.ceil((capacity - left) / rate) + 1000)
  remaining[i] = string.format('%.3f', left)
end
return {wait, unpack(remaining)}
`
const sha = createHash('sha1').update(script).digest('hex')

/** Kept in Redis for all instances; while Redis is away, in this process, where every account starts full. */
export function redisBudget({ redis, clock }: { redis: RedisClient; clock: Clock }): Budget {
  const insurance = memoryBudget({ clock })

  async function settle(accounts: readonly Account[], points: number): Promise<Verdict> {
    const keys = accounts.map(({ key }) => `quimbi:budget:${key}`)
    const wanted = accounts.flatMap(({ limit, points: own = points }) => [own, limit.capacity, limit.perMinute])
    const reply = await redis.evalsha(sha, keys.length, ...keys, ...wanted).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(script, keys.length, ...keys, ...wanted)
    })
    const [wait, ...remaining] = (reply as unknown[]).map(Number)
    const retryAfterMs = wait ?? 0
    return { allowed: retryAfterMs === 0, retryAfterMs, remaining }
  }

  return {
    take: (accounts, points) => settle(accounts, points).catch(() => insurance.take(accounts, points)),
    give: async (accounts, points) =>
      settle(accounts, -points).then(
        ({ remaining }) => remaining,
        () => insurance.give(accounts, points),
      ),
  }
}
