import type { Db } from '../database.ts'
import type { CustomerHistory } from '../features/history.ts'
import { createLocalTime, type LocalHour } from '../insight/local-time.ts'
import { createTimingTrainer, type TimingModel } from '../insight/timing.ts'
import { inSlices } from '../profiles/compute.ts'
import { createMemory } from './remember.ts'

/** When a tenant's customers are active, on the clocks of a time zone. */
export type Rhythm = { model: TimingModel; localTime: (at: number) => LocalHour; signs: number }

const hourMs = 3_600_000
/** Signs of each kind that the tenant's shares are learnt from. */
const mostSigns = 10_000
/** A tenant of so few signs is read anew each time. */
const fewSigns = 500
const recall = createMemory<Rhythm>({ max: 500, ttlMs: hourMs, isKept: ({ signs }) => signs >= fewSigns })

/** The rhythm of a tenant's customers; learnt at most once an hour. */
export const rhythmOf = (db: Db, tenantId: string, timeZone: string, now: Date): Promise<Rhythm> =>
  recall(`${tenantId} ${timeZone}`, now, () => learnRhythm(db, tenantId, timeZone, now))

async function learnRhythm(db: Db, tenantId: string, timeZone: string, now: Date): Promise<Rhythm> {
  const trainer = createTimingTrainer(createLocalTime(timeZone), now.getTime())
  const signs = await readSigns(db, tenantId, now)
  await inSlices(signs, (sign) => trainer.add(historyOf(sign)))
  // Another clock than the trainer's, which remembers every half hour that it ever told.
  return { model: trainer.finish(), localTime: createLocalTime(timeZone), signs: signs.length }
}

// Ids are hashes: in their order orders and opens come at random. By key, unless the tenant has hardly more than are read.
const signsQuery = `
  (SELECT (extract(epoch FROM placed_at) * 1000)::float8 AS at, true AS "isOrder" FROM customer_order
   WHERE tenant_id = $1::uuid AND status <> 'CANCELLED' AND NOT (status = 'RETURNED' AND total = 0) AND placed_at < $2::timestamptz
   ORDER BY id LIMIT ${mostSigns})
  UNION ALL
  (SELECT (extract(epoch FROM at) * 1000)::float8, false FROM interaction
   WHERE tenant_id = $1::uuid AND kind IN ('EMAIL_OPEN', 'EMAIL_CLICK') AND at < $2::timestamptz
   ORDER BY id LIMIT ${mostSigns})`

type Sign = { at: number; isOrder: boolean }

const readSigns = (db: Db, tenantId: string, now: Date): Promise<Sign[]> =>
  db.$queryRawUnsafe<Sign[]>(signsQuery, tenantId, now)

const bare = { amount: 1, refunded: 0, items: 1, lines: 1, discount: 0, discountedLines: 0, isReturn: false }

/** A sign as the history of someone who did nothing else. */
function historyOf({ at, isOrder }: Sign): CustomerHistory {
  const nobody = { customerId: '', country: null, events: [], orders: [], interactions: [] }
  if (isOrder) return { ...nobody, orders: [{ ...bare, at, skus: [], categories: [] }] }
  return {
    ...nobody,
    interactions: [{ at, kind: 'EMAIL_OPEN', channel: 'EMAIL', sentiment: null, resolvedHours: null }],
  }
}
