import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { mountPartner } from '@quimbi/subgraph/module.ts'
import { Registry } from 'prom-client'
import type { Scope } from '../src/keys/service.ts'
import { usualPartnerPoints } from '../src/partner/limits.ts'
import { aShop, idOf } from './advice-kit.ts'
import { openWorld } from './kit.ts'
import { aKey } from './partner-kit.ts'

export const pageLimits = { maxCost: usualPartnerPoints.document, pointsPerRequest: usualPartnerPoints.perRequest }

export type PageWorld = Awaited<ReturnType<typeof openPageWorld>>

/** The partner door with its documentation, behind HTTP, and a tenant of thirty-six customers with insight. */
export async function openPageWorld() {
  const world = await openWorld()
  const { partner } = world.module
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  const metrics = createMetrics('intelligence', new Registry())
  const http = createHttp({ service: 'intelligence', log, metrics, readiness: async () => ({}) })
  await mountPartner(http, partner)
  const { url } = await http.listen(0, '127.0.0.1')
  const tenantId = await aShop(world, 36, (nth) => (nth % 3 === 0 ? ['MUG', 'TEA', 'POT'] : ['MUG', 'CUP']))

  return {
    ...world,
    url,
    tenantId,
    customerId: (nth: number) => idOf(tenantId, nth),
    key: async (...scopes: Scope[]) => (await aKey(world, tenantId, { scopes, requestsPerMinute: 100_000 })).key,
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(`${url}${path}`, { method, headers: { connection: 'close', ...headers } }),
    async close() {
      await http.drain(1_000)
      await world.close()
    },
  }
}
