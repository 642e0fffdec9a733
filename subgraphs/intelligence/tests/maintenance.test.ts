import { newId } from '@quimbi/database/ids.ts'
import { describe, expect, it } from 'vitest'
import { createLogger } from '@quimbi/service/logging.ts'
import { maintenance } from '../src/maintenance.ts'
import { openWorld } from './kit.ts'

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
})
