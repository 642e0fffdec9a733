import { newId } from '@quimbi/database/ids.ts'
import { describe, expect, it } from 'vitest'
import { createLogger } from '@quimbi/service/logging.ts'
import { maintenance } from '../src/maintenance.ts'
import { keptDays, purgePoints } from '../src/profiles/points.ts'
import { dayMs, openWorld } from './kit.ts'

describe('maintenance', () => {
  it('forgets revoked sessions once their tokens have expired by themselves', async () => {
    const world = await openWorld()
    const { system } = world.database
    const now = world.clock.now()
    const at = (ms: number) => ({ tenantId: newId(), sessionId: newId(), expiresAt: new Date(now.getTime() + ms) })
    const inForce = at(1)
    await system.revokedSession.createMany({ data: [inForce, at(-1)] })
    const job = maintenance(system, world.clock, createLogger({ service: 'test', level: 'silent' }))
    await job.run({ tenantId: newId() }, { jobId: '1', attempt: 1, signal: new AbortController().signal })
    expect(await system.revokedSession.findMany()).toEqual([inForce])
    await world.close()
  })

  it('forgets points of insight after 400 days, of all tenants and however many', async () => {
    const world = await openWorld()
    const { system } = world.database
    const now = world.clock.now()
    const day = (ago: number) => new Date(now.getTime() - ago * dayMs).toISOString().slice(0, 10)
    const kept = [day(keptDays), day(1)]
    for (const tenantId of [newId(), newId()]) {
      const customerId = newId()
      await world.rows(`INSERT INTO tenant_profile (tenant_id, currency_code) VALUES ($1, 'USD')`, tenantId)
      await world.rows('INSERT INTO customer (tenant_id, id, created_at) VALUES ($1, $2, now())', tenantId, customerId)
      await world.rows(
        `INSERT INTO insight_point (tenant_id, customer_id, metric, day, value)
         SELECT $1, $2, metric, day::date, 1 FROM unnest(ARRAY['CHURN_RISK', 'LTV_12M', 'ENGAGEMENT']) AS metric, unnest($3::text[]) AS day`,
        ...[tenantId, customerId, [...kept, day(keptDays + 1), day(keptDays + 2), day(keptDays + 300)]],
      )
    }
    expect(await purgePoints(system, now, 2)).toBe(2 * 3 * 3)
    expect(await purgePoints(system, now)).toBe(0)
    const left = await world.rows<{ day: string }>('SELECT DISTINCT day::text FROM insight_point ORDER BY 1')
    expect(left.map((point) => point.day)).toEqual(kept)
    await world.close()
  })
})
