import type { LoginLimiter } from '@quimbi/service/rate-limit.ts'
import type { FastifyPluginAsync } from 'fastify'
import { fileRoutes } from './attachments/routes.ts'
import { inboundRoutes } from './channels/routes.ts'
import type { AskDependencies } from './insight/ask.ts'
import { exportRoutes } from './privacy/routes.ts'
import { surveyRoutes } from './satisfaction/routes.ts'
import type { SupportDoors } from './settings.ts'

/** What Support answers besides the graph. */
export const doors =
  (options: SupportDoors & AskDependencies & { limiter: LoginLimiter }): FastifyPluginAsync =>
  async (app) => {
    await app.register(fileRoutes(options))
    await app.register(inboundRoutes(options))
    await app.register(exportRoutes(options))
    await app.register(surveyRoutes(options))
  }
