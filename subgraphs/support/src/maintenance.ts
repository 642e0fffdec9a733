import { defineJob } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import { purgeSessions } from './agents/sessions.ts'
import { purgeIdempotencyRecords } from './common/idempotency.ts'
import type { Db } from './database.ts'

/** Deletes what has run out, of all tenants. */
export const maintenance = (system: Db, clock: Clock, log: Logger) =>
  defineJob({
    name: 'support.maintenance',
    schema: z.object({ tenantId: z.uuid() }),
    async run() {
      const now = clock.now()
      const sessions = await purgeSessions(system, now)
      const idempotencyRecords = await purgeIdempotencyRecords(system, now)
      log.info({ sessions, idempotencyRecords }, 'deleted what had run out')
    },
  })
