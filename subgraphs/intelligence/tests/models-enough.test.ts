import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireEnough } from '../src/models/enough.ts'
import { anOrder, dayMs, openWorld, startOfTime, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

const now = Date.parse(startOfTime)

describe('enough for models of one’s own', () => {
  it.each([
    [500, 180, true],
    [499, 180, false],
    [500, 179, false],
  ])('is orders of %i customers over %i days: %s', async (customers, days, isEnough) => {
    const tenantId = newId()
    const placedAt = new Date(now - days * dayMs)
    const order = (index: number) => anOrder({ customer: { externalId: `C-${index}` }, placedAt })
    await world.ingest(
      tenantId,
      Array.from({ length: customers }, (_, index) => order(index)),
    )
    // Neither what was called off nor what came later counts.
    const other = { customer: { externalId: 'other' } }
    await world.ingest(tenantId, [
      anOrder({ ...other, status: 'CANCELLED', placedAt: new Date(0) }),
      anOrder({ ...other, placedAt: new Date(now) }),
    ])
    const found = await requireEnough(world.database.forTenant(tenantId), tenantId, now).catch(
      (error: { reason?: string }) => error.reason,
    )
    expect(found).toBe(isEnough ? placedAt.getTime() : 'INSUFFICIENT_DATA')
  })
})
