import type { Clock } from '@quimbi/service/clock.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { FastifyPluginAsync } from 'fastify'
import { disposition } from '../attachments/disposition.ts'
import { recordAudit } from '../audit/record.ts'
import { tenantNow } from '../channels/deliveries.ts'
import type { SupportDatabase } from '../database.ts'
import { systemActor } from '../log/actors.ts'
import type { SupportDoors } from '../settings.ts'

/**
 * `GET /exports/<token>` gives what was written down of a person to whoever has the link. 403 for a link that is forged or over, 404
 * where the export is gone.
 */
export const exportRoutes =
  ({ links, database, clock }: SupportDoors & { database: SupportDatabase; clock: Clock }): FastifyPluginAsync =>
  async (app) => {
    // A wildcard: the router refuses named parameters as long as a token.
    app.get('/exports/*', async (request, reply) => {
      const { '*': token } = request.params as { '*': string }
      const now = clock.now()
      const claims = await links.read('export', token, now)
      if (!claims) throw codedError('FORBIDDEN', 'This link is not valid, or not any more.')
      const { tenantId, subject: id } = claims
      const found = await database.transact(tenantId, async (tx) => {
        const found = await tx.dataExport.findFirst({ where: { tenantId, id, expiresAt: { gt: now } } })
        if (!found?.content) throw codedError('NOT_FOUND', 'The export is gone.')
        const who = { actor: systemActor('INTEGRATION', 'export link') }
        const subject = { subjectType: 'customer', subjectId: found.customerId }
        const changes = [{ field: 'export', from: null, to: id }]
        const at = await tenantNow(tx, tenantId, now)
        await recordAudit(tx, { tenantId, who, now: at, action: 'customer.export_downloaded', ...subject, changes })
        return found
      })
      return reply
        .headers({
          'content-type': 'application/json; charset=utf-8',
          'content-disposition': disposition(`customer-${found.customerId}.json`),
          'cache-control': 'private, no-store',
        })
        .send(found.content)
    })
  }
