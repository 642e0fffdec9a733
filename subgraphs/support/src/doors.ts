import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import { positionDoor } from '@quimbi/subgraph/position-door.ts'
import type { FastifyPluginAsync } from 'fastify'
import { sessionsDoor } from './agents/sessions-door.ts'
import { fileRoutes } from './attachments/routes.ts'
import { inboundRoutes } from './channels/routes.ts'
import type { AskDependencies } from './insight/ask.ts'
import type { SupportDatabase } from './database.ts'
import { positionNow } from './log/position.ts'
import { exportRoutes } from './privacy/routes.ts'
import { surveyRoutes } from './satisfaction/routes.ts'
import type { SupportDoors } from './settings.ts'

/** What Support answers besides the graph. */
export const doors =
  (
    options: SupportDoors & AskDependencies & { limiter: LoginLimiter; database: SupportDatabase },
  ): FastifyPluginAsync =>
  async (app) => {
    await app.register(fileRoutes(options))
    await app.register(inboundRoutes(options))
    await app.register(exportRoutes(options))
    await app.register(surveyRoutes(options))
    await app.register(sessionsDoor(options.database.systemPool))
    await app.register(positionDoor((tenantId) => positionNow(options.database, tenantId)))
  }
