import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { purgeSessions } from '../src/agents/sessions.ts'
import { purgeIdempotencyRecords } from '../src/common/idempotency.ts'
import { maintenance } from '../src/maintenance.ts'
import { openSupport, type TestSupport } from './kit.ts'

const dayMs = 86_400_000
const helpers = { jobId: '1', attempt: 1, signal: new AbortController().signal }

describe('maintenance', () => {
  let support: TestSupport
  beforeAll(async () => {
    support = await openSupport()
  })
  afterAll(() => support.close())

  it('keeps what is still in force and deletes what has run out, of all tenants', async () => {
    const { clock, database } = support
    const { system } = database
    const [one, other] = [await support.aTenant(), await support.aTenant()]
    for (const tenant of [one, other]) {
      await support.logIn(await support.anAgent(tenant))
      await support.aCustomer(tenant, { idempotencyKey: 'once' })
    }
    const { run } = maintenance(support)
    await run({ tenantId: one.id }, helpers)
    expect([await system.agentSession.count(), await system.idempotencyRecord.count()]).toEqual([2, 2])

    clock.advance(1.5 * dayMs)
    await run({ tenantId: one.id }, helpers)
    expect([await system.agentSession.count(), await system.idempotencyRecord.count()]).toEqual([2, 0])

    clock.advance(7 * dayMs)
    await run({ tenantId: one.id }, helpers)
    expect([await system.agentSession.count(), await system.idempotencyRecord.count()]).toEqual([0, 0])
    expect([await purgeSessions(system, clock.now()), await purgeIdempotencyRecords(system, clock.now())]).toEqual([
      0, 0,
    ])
  })
})
