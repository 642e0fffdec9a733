import { codedError } from '@quimbi/service/errors.ts'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'

/** The cursor after which a tenant's stream tells only what comes from now on. */
export type PositionNow = (tenantId: string) => Promise<string>

const asked = z.object({ tenantId: z.guid() })

/** `POST /internal/position` tells the gateway, and nobody else, where a tenant's stream stands. */
export const positionDoor =
  (positionNow: PositionNow): FastifyPluginAsync =>
  async (app) =>
    void app.post('/internal/position', async ({ caller, body }) => {
      if (caller !== 'gateway') throw codedError('FORBIDDEN', 'Positions are told to the gateway')
      const { success, data } = asked.safeParse(body)
      if (!success) throw codedError('BAD_USER_INPUT', 'The question is not valid')
      return { cursor: await positionNow(data.tenantId) }
    })
