import { defineJob } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import type { Db } from '../database.ts'
import { noteRevised } from './revised.ts'

// Behind all that changed by itself. Insight of today stays.
const markOld = `
  INSERT INTO stale_customer (tenant_id, customer_id, since)
  SELECT tenant_id, customer_id, 'infinity' FROM customer_insight
  WHERE tenant_id = $1::uuid AND as_of < date_trunc('day', $2::timestamptz, 'UTC') ORDER BY customer_id
  ON CONFLICT DO NOTHING`

/** Marks whose insight is from before today: silence grows by itself. A transaction for each tenant. How many it was. */
export async function markAged(system: Db, now: Date): Promise<number> {
  const tenants = await system.$queryRaw<{ id: string }[]>`SELECT tenant_id AS id FROM tenant_profile ORDER BY 1`
  let marked = 0
  for (const { id } of tenants) {
    const some = await system.$executeRawUnsafe(markOld, id, now)
    if (some > 0) noteRevised(system, id, 'ALL')
    marked += some
  }
  return marked
}

/** Once a day, so that each customer has a figure for each day. */
export const ageing = (system: Db, clock: Clock, log: Logger) =>
  defineJob({
    name: 'intelligence.ageing',
    schema: z.object({ tenantId: z.uuid() }),
    async run() {
      log.info({ customers: await markAged(system, clock.now()) }, 'insight of earlier days is computed anew')
    },
  })
