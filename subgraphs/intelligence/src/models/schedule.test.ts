import { newId } from '@quimbi/database/ids.ts'
import { describe, expect, it } from 'vitest'
import { never, nextTraining, weeklyOf } from './schedule.ts'

const now = new Date('2026-11-21T12:00:00.000Z')

describe('when a tenant is trained', () => {
  it('is once a week unless it says otherwise, at a time of its own', () => {
    const tenants = Array.from({ length: 100 }, newId)
    expect(new Set(tenants.map(weeklyOf)).size).toBeGreaterThan(90)
    for (const tenantId of tenants) {
      const first = nextTraining(tenantId, null, now)!
      const second = nextTraining(tenantId, null, first)!
      expect(first > now && second.getTime() - first.getTime() === 7 * 86_400_000).toBe(true)
    }
  })

  it('is as it says, or never', () => {
    expect(nextTraining(newId(), '30 2 1 * *', now)?.toISOString()).toBe('2026-12-01T02:30:00.000Z')
    expect([nextTraining(newId(), never, now), nextTraining(newId(), 'now and then', now)]).toEqual([null, null])
  })
})
