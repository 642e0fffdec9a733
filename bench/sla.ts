// The SLA clock against its oracle on random histories, and how late timers fire: running clocks that breach all over a window.
import { setTimeout as delay } from 'node:timers/promises'
import { newId } from '@quimbi/database/ids.ts'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { openSupportDatabase, type SupportDatabase } from '@quimbi/support/database.ts'
import { clocksOf, type SlaFact, type SlaRules } from '@quimbi/support/sla/clock.ts'
import { compare } from '@quimbi/support/sla/histories.test-kit.ts'
import { createTimers } from '@quimbi/support/timers/timers.ts'
import pg from 'pg'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { openBenchDatabase } from './lib/database.ts'
import { quantile } from './lib/quantile.ts'

const tenantId = '0198a000-0000-7000-8000-000000000001'
const customerId = '0198a000-0000-7000-8000-000000000002'
const policyId = '0198a000-0000-7000-8000-000000000003'
const perSecond = 1_000
const targetSeconds = 7_200

/** `mismatches` of `histories`; `latenessP99Ms`: from the instant at which a clock breaches to when its event is seen committed. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const histories = quick ? 500 : Math.min(100_000, Math.ceil((seconds ?? 600) * 200))
  const window = quick ? 2 : Math.min(100, Math.ceil((seconds ?? 600) / 5))
  const timers = window * (quick ? 100 : perSecond)
  log(`${histories} histories, then ${timers} timers within ${window} s`)
  const compared = compare(clocksOf, { seed: 1, histories })
  if (compared.first) log(JSON.stringify(compared.first))
  log(`${compared.mismatches} mismatches`)
  const late = await withDatabase((url) => lateness(url, { timers, window }))
  const lateBy = (share: number) => quantile(late, share, 0)
  return {
    table: {
      columns: ['what', 'number'],
      rows: [
        ['histories', histories],
        ['mismatches', compared.mismatches],
        ['timers', late.length],
        ['late, median ms', lateBy(0.5)],
        ['late, p99 ms', lateBy(0.99)],
        ['late, most ms', lateBy(1)],
      ],
    },
    figures: {
      histories,
      mismatches: compared.mismatches,
      timers: late.length,
      latenessP50Ms: lateBy(0.5),
      latenessP99Ms: lateBy(0.99),
    },
  }
}

async function withDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const { url, close } = await openBenchDatabase('support', { durable: false })
  return use(url).finally(close)
}

/** Milliseconds by which each breach was late. */
async function lateness(url: string, { timers, window }: { timers: number; window: number }): Promise<number[]> {
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  const database = await openSupportDatabase({ url, max: 4 })
  const destination = { write: (line: string) => void process.stderr.write(line) }
  const logger = createLogger({ service: 'support', level: 'error', destination })
  const minder = createTimers({ database, bus: createMemoryBus(), clock: systemClock, log: logger })
  try {
    // Time to build them: eighty seconds for a hundred thousand.
    const from = Date.now() + 5_000 + timers * 0.8
    await buildWorld(owner, { timers, from, window })
    if (Date.now() > from) throw new Error('The world took too long to build: its first timers are due already.')
    await minder.start()
    return await watch(owner, database, { timers, until: from + (window + 60) * 1_000 })
  } finally {
    await minder.stop()
    await database.close()
    await owner.end()
  }
}

/** Tickets opened two hours before the instants at which they breach, evenly over the window. */
async function buildWorld(
  owner: pg.Client,
  { timers, from, window }: { timers: number; from: number; window: number },
) {
  const target = {
    metric: 'RESOLUTION',
    priority: 'NORMAL',
    seconds: targetSeconds,
    warnBeforeSeconds: 0,
    businessHours: false,
  } as const
  const policy = {
    id: policyId,
    version: 1,
    order: 1,
    name: 'x',
    conditions: {},
    calendarId: null,
    targets: [target],
    isActive: true,
  }
  const rules: SlaRules = { policies: [{ ...policy, from: '2020-01-01T00:00:00.000Z' }], calendars: [] }
  await owner.query(
    `INSERT INTO tenant (id, slug, name, currency_code, time_zone, created_at) VALUES ($1, 'shop', 'Shop', 'USD', 'UTC', now())`,
    [tenantId],
  )
  await owner.query(
    `INSERT INTO customer (tenant_id, id, name, created_at, updated_at) VALUES ($1, $2, 'Customer', now(), now())`,
    [tenantId, customerId],
  )
  await owner.query(
    `INSERT INTO sla_policy (tenant_id, id, version, name, "order", conditions, targets, is_active, created_at)
     VALUES ($1, $2, 1, 'x', 1, '{}', $3, true, '2020-01-01')`,
    [tenantId, policyId, JSON.stringify([target])],
  )
  const subject = {
    priority: 'NORMAL',
    channel: 'EMAIL',
    queueId: null,
    teamId: null,
    tags: [],
    category: null,
    isVip: false,
  }
  for (let first = 0; first < timers; first += 5_000) {
    const rows = Array.from({ length: Math.min(5_000, timers - first) }, (_, index) => {
      const due = new Date(from + Math.floor(((first + index) / timers) * window * 1_000))
      const at = new Date(due.getTime() - targetSeconds * 1_000).toISOString()
      const history: SlaFact[] = [{ at, kind: 'opened', subject, byAgent: false }]
      return {
        id: newId(),
        number: first + index + 1,
        at,
        due,
        history,
        clocks: clocksOf(history, rules, new Date(at)),
      }
    })
    await owner.query(insertSql, [tenantId, customerId, JSON.stringify(rows)])
  }
  await owner.query('VACUUM ANALYZE ticket, ticket_sla')
}

const insertSql = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($3::jsonb) AS r (id uuid, number int, at timestamptz, due timestamptz, history jsonb, clocks jsonb)
  ), tickets AS (
    INSERT INTO ticket (tenant_id, id, number, subject, channel, customer_id, rank, sla_status, next_breach_at, next_timer_at, created_at, updated_at)
    SELECT $1::uuid, id, number, 'Where is my order?', 'EMAIL', $2::uuid, number, 'PENDING', due, due, at, at FROM given
  )
  INSERT INTO ticket_sla (tenant_id, ticket_id, history, clocks) SELECT $1::uuid, id, history, clocks FROM given`

const seenSql = `
  SELECT id, occurred_at AS at FROM outbox WHERE id > $1 AND type = 'SLA_BREACHED' ORDER BY id`

/** Looks for breaches every 20 ms, as a reader of the log would meet them. */
async function watch(
  owner: pg.Client,
  database: SupportDatabase,
  { timers, until }: { timers: number; until: number },
) {
  const late: number[] = []
  let last = '0'
  while (late.length < timers && Date.now() < until) {
    const { rows } = await owner.query<{ id: string; at: Date }>(seenSql, [last])
    const now = Date.now()
    late.push(...rows.map(({ at }) => now - at.getTime()))
    last = rows.at(-1)?.id ?? last
    await delay(20)
  }
  const told = await database.system.outboxEvent.count({ where: { type: 'SLA_BREACHED' } })
  if (told !== timers || late.length !== timers)
    throw new Error(`${told} of ${timers} timers fired, ${late.length} were seen.`)
  return late
}
