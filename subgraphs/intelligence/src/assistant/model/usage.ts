import type { Db } from '../../database.ts'

/** What one call used. */
export type Spent = { input: number; output: number; costMicros: number; isFailure: boolean }

export type Account = { tenantId: string; day: Date; generator: string; purpose: string }

/** Where no server says it: English text is about four characters a token. */
export const tokensIn = (characters: number): number => Math.ceil(characters / 4)

/** Prices in US dollars a million tokens are millionths of a dollar a token. */
export const costMicrosOf = (
  { input, output }: { input: number; output: number },
  prices: { input: number; output: number },
): number => Math.round(input * prices.input + output * prices.output)

/** The UTC day that a call is charged to. */
export const dayOf = (now: Date): Date => new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000)

const isoDay = (day: Date): string => day.toISOString().slice(0, 10)

/** All tokens of a tenant's day, whatever wrote and whatever for. */
export async function tokensSpent(db: Db, tenantId: string, day: Date): Promise<number> {
  const [row] = await db.$queryRaw<{ tokens: bigint }[]>`
    SELECT coalesce(sum(input_tokens + output_tokens), 0)::bigint AS tokens
    FROM generation_usage WHERE tenant_id = ${tenantId}::uuid AND day = ${isoDay(day)}::date`
  return Number(row?.tokens ?? 0)
}

/** Adds a call to the day's account. One statement: several processes add at once. */
export async function charge(db: Db, { tenantId, day, generator, purpose }: Account, spent: Spent): Promise<void> {
  await db.$executeRaw`
    INSERT INTO generation_usage AS u (tenant_id, day, generator, purpose, calls, failures, input_tokens, output_tokens, cost_micros)
    VALUES (${tenantId}::uuid, ${isoDay(day)}::date, ${generator}, ${purpose}, 1, ${spent.isFailure ? 1 : 0}::int,
      ${spent.input}::bigint, ${spent.output}::bigint, ${spent.costMicros}::bigint)
    ON CONFLICT (tenant_id, day, generator, purpose) DO UPDATE SET calls = u.calls + 1,
      failures = u.failures + excluded.failures, input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens, cost_micros = u.cost_micros + excluded.cost_micros`
}
