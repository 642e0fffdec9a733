import { defineJob } from '@quimbi/database/jobs.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import { purgeSessions } from './agents/sessions.ts'
import { purgeTopicAlerts } from './alerts/service.ts'
import { purgeIdempotencyRecords } from './common/idempotency.ts'
import { clearWaitingRoom } from './attachments/disk-store.ts'
import { purgeUnsent } from './attachments/service.ts'
import { createFileStore } from './attachments/store.ts'
import { purgeFuses } from './channels/fuse.ts'
import type { SupportDatabase } from './database.ts'
import { trimLogs } from './log/retention.ts'
import { purgeExports } from './privacy/export.ts'
import { purgeSaid } from './privacy/retention.ts'
import { purgeNotifications } from './notifications/service.ts'
import type { SupportDoors } from './settings.ts'
import { purgeDeliveries } from './webhooks/deliveries.ts'

/** Deletes what has run out, of all tenants. */
export const maintenance = (options: SupportDoors & { database: SupportDatabase; clock: Clock; log: Logger }) =>
  defineJob({
    name: 'support.maintenance',
    schema: z.object({ tenantId: z.uuid() }),
    async run() {
      const { clock, log, settings } = options
      const { system } = options.database
      const now = clock.now()
      const sessions = await purgeSessions(system, now)
      const idempotencyRecords = await purgeIdempotencyRecords(system, now)
      const topicAlerts = await purgeTopicAlerts(system, now)
      const fuses = await purgeFuses(system, now)
      const files = await purgeUnsent(system, createFileStore(settings), now)
      const uploads = await clearWaitingRoom(settings.filesDir, new Date(Date.now() - 86_400_000))
      const exports = await purgeExports(system, now)
      const bytes = { store: createFileStore(settings), filesDir: settings.filesDir }
      const messages = await purgeSaid(options.database, bytes, now)
      const notifications = await purgeNotifications(system, now)
      const webhooks = await purgeDeliveries(system, now)
      const logEntries = await trimLogs(options)
      log.info(
        {
          sessions,
          idempotencyRecords,
          topicAlerts,
          fuses,
          files,
          uploads,
          exports,
          messages,
          notifications,
          webhooks,
          logEntries,
        },
        'deleted what had run out',
      )
    },
  })
