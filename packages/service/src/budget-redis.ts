import { createHash } from 'node:crypto'
import { memoryBudget, type Account, type Budget, type Verdict } from './budget.ts'
import type { Clock } from './clock.ts'
import type { RedisClient } from './redis.ts'

// The same rule as `charge`, where all instances see one bucket; by Redis's own clock. Fractions travel as text: replies are whole numbers.
// Of each account: what is wanted of it, what comes back to it before that, what it holds, and what it gets a minute.
const script = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local wait = 0
local points = {}
for i, key in ipairs(KEYS) do
  local wanted, back = tonumber(ARGV[4 * i - 3]), tonumber(ARGV[4 * i - 2])
  local capacity, rate = tonumber(ARGV[4 * i - 1]), tonumber(ARGV[4 * i]) / 60000
  local known = redis.call('HMGET', key, 'points', 'at')
  local have = capacity
  if known[1] then have = math.min(capacity, known[1] + math.max(0, now - known[2]) * rate) end
  have = math.min(capacity, have + back)
  local missing = math.min(wanted, capacity) - have
  if missing > 0 then wait = math.max(wait, math.ceil(missing / rate)) end
  points[i] = have
end
local remaining = {}
for i, key in ipairs(KEYS) do
  local wanted, capacity, rate = tonumber(ARGV[4 * i - 3]), tonumber(ARGV[4 * i - 1]), tonumber(ARGV[4 * i]) / 60000
  local left = points[i]
  if wait == 0 then left = math.min(capacity, math.max(0, left - wanted)) end
  redis.call('HSET', key, 'points', string.format('%.3f', left), 'at', string.format('%.3f', now))
  redis.call('PEXPIRE', key, math.ceil((capacity - left) / rate) + 1000)
  remaining[i] = string.format('%.3f', left)
end
return {wait, unpack(remaining)}
`
const sha = createHash('sha1').update(script).digest('hex')

/** How long others may wait for what is given back later, where nothing more is taken. */
const laterMs = 50

/** Kept in Redis for all instances; while Redis is away, in this process, where every account starts full. */
export function redisBudget({ redis, clock }: { redis: RedisClient; clock: Clock }): Budget {
  const insurance = memoryBudget({ clock })
  // A command of its own for what is given back would be a third of all that is asked of Redis: it goes with the next that takes.
  const owed = new Map<string, { account: Account; points: number }>()
  let timer: NodeJS.Timeout | undefined

  async function settle(accounts: readonly Account[], points: number, back: readonly number[] = []): Promise<Verdict> {
    const keys = accounts.map(({ key }) => `quimbi:budget:${key}`)
    const wanted = accounts.flatMap(({ limit, points: own = points }, index) => [
      ...[own, back[index] ?? 0, limit.capacity, limit.perMinute],
    ])
    const reply = await redis.evalsha(sha, keys.length, ...keys, ...wanted).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(script, keys.length, ...keys, ...wanted)
    })
    const [wait, ...remaining] = (reply as unknown[]).map(Number)
    const retryAfterMs = wait ?? 0
    return { allowed: retryAfterMs === 0, retryAfterMs, remaining }
  }

  function claim({ key }: Account): number {
    const points = owed.get(key)?.points ?? 0
    owed.delete(key)
    return points
  }

  const give: Budget['give'] = (accounts, points) =>
    settle(accounts, -points).then(
      ({ remaining }) => remaining,
      () => insurance.give(accounts, points),
    )

  function giveOwed(): void {
    timer = undefined
    for (const { account, points } of owed.values()) void give([account], points)
    owed.clear()
  }

  return {
    take(accounts, points) {
      const back = accounts.map(claim)
      return settle(accounts, points, back).catch(() => {
        accounts.forEach(({ key, limit }, index) => insurance.giveLater([{ key, limit }], back[index] ?? 0))
        return insurance.take(accounts, points)
      })
    },
    give,
    giveLater(accounts, points) {
      for (const { key, limit } of accounts)
        owed.set(key, { account: { key, limit }, points: points + (owed.get(key)?.points ?? 0) })
      timer ??= setTimeout(giveOwed, laterMs).unref()
    },
  }
}
