import { describe, expect, it } from 'vitest'
import { features } from '../features/catalogue.ts'
import type { ChurnFactor } from './predict.ts'
import { recommendationsFor } from './recommendations.ts'

const factor = (feature: string, contribution: number, value = 5): ChurnFactor => ({
  ...{ feature, contribution, value },
  explanation: '',
})

describe('recommendationsFor', () => {
  it('follows the factors that raise the risk, the largest first', () => {
    const [first, second] = recommendationsFor('HIGH', [factor('silenceToGap', 1), factor('returnRate', 0.5)])
    expect(first).toContain('several times the usual gap')
    expect(second).toContain('Returned purchases')
  })

  it('asks how large a value is, not only how much it weighs', () => {
    expect(recommendationsFor('HIGH', [factor('silenceToGap', 1, 1.2)])[0]).not.toContain('several times')
  })

  it('gives the same advice once', () => {
    const advice = recommendationsFor('CRITICAL', [
      factor('meanGap', 1),
      factor('lastGap', 0.9),
      factor('longestGap', 0.8),
    ])
    expect(advice).toHaveLength(1)
  })

  it('never reads a factor that holds a customer as a reason why they leave', () => {
    expect(recommendationsFor('HIGH', [factor('returnRate', -1)])).toEqual([expect.stringContaining('within the week')])
  })

  it('has one to three answers for every level and feature', () => {
    for (const level of ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const)
      for (const sign of [-1, 1]) {
        const advice = recommendationsFor(
          level,
          features.map(({ name }) => factor(name, sign)),
        )
        expect(advice.length).toBeGreaterThanOrEqual(1)
        expect(advice.length).toBeLessThanOrEqual(3)
      }
  })
})
