import { defineJob } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import { purgeDrafts } from './assistant/drafts/store.ts'
import type { Db } from './database.ts'
import { purgeReads } from './keys/reads.ts'
import { purgePoints } from './profiles/points.ts'
import { purgeRevokedSessions } from './sessions/service.ts'
import { purgeWebhooks } from './webhooks/deliveries.ts'

/** Deletes what has run out, of all tenants. */
export const maintenance = (system: Db, clock: Clock, log: Logger) =>
  defineJob({
    name: 'intelligence.maintenance',
    schema: z.object({ tenantId: z.uuid() }),
    async run() {
      const revokedSessions = await purgeRevokedSessions(system, clock.now())
      const insightPoints = await purgePoints(system, clock.now())
      const drafts = await purgeDrafts(system, clock.now())
      const webhookDeliveries = await purgeWebhooks(system, clock.now())
      const keyReads = await purgeReads(system, clock.now())
      log.info({ revokedSessions, insightPoints, drafts, webhookDeliveries, keyReads }, 'deleted what had run out')
    },
  })
