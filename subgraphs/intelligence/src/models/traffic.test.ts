import { createRandom } from '@quimbi/service/random.ts'
import { describe, expect, it } from 'vitest'
import { isChallenged } from './traffic.ts'

const random = createRandom(3)
const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(16 * random()).toString(16)).join('')
const ids = Array.from({ length: 20_000 }, () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`)
const challenged = (share: number) => ids.filter((id) => isChallenged(id, share))

describe('customers of a challenger', () => {
  it.each([0, 0.1, 0.5, 1])('are about the share that it was given: %d', (share) => {
    expect(Math.abs(challenged(share).length / ids.length - share)).toBeLessThan(share % 1 === 0 ? 1e-9 : 0.015)
  })

  it('stay its customers when the share grows', () => {
    const more = new Set(challenged(0.3))
    expect(challenged(0.1).every((id) => more.has(id))).toBe(true)
  })

  it('are the same on every machine, however the id is written', () => {
    const id = '0198a3f2-7c11-7d2e-9b1a-3f5e6d7c8b9a'
    const at = (share: number) => [isChallenged(id, share), isChallenged(id.toUpperCase(), share)]
    expect([at(0.35), at(0.36)]).toEqual([
      [false, false],
      [true, true],
    ])
  })
})
