import { describe, expect, it } from 'vitest'
import { createMemory } from './remember.ts'

const at = (ms: number) => new Date(1_000_000 + ms)

/** Counts how often it was made. */
function maker<T>(value: T) {
  let made = 0
  const make = async () => {
    made += 1
    return value
  }
  return { make, times: () => made }
}

describe('a memory', () => {
  it('makes a thing once for all who ask at the same time, and again when its time is over', async () => {
    const recall = createMemory<string>({ max: 2, ttlMs: 100 })
    const { make, times } = maker('a')
    expect(await Promise.all([recall('k', at(0), make), recall('k', at(0), make), recall('k', at(99), make)])).toEqual([
      'a',
      'a',
      'a',
    ])
    expect(times()).toBe(1)
    await recall('k', at(100), make)
    expect(times()).toBe(2)
    await recall('k', at(-1), make)
    expect(times()).toBe(3)
  })

  it('keeps no failure, nothing that is not worth it, and no more than it may', async () => {
    const recall = createMemory<string>({ max: 2, ttlMs: 100, isKept: (value) => value !== 'cheap' })
    const fail = () => Promise.reject(new Error('no'))
    await expect(recall('k', at(0), fail)).rejects.toThrow('no')
    const [cheap, dear] = [maker('cheap'), maker('dear')]
    for (let nth = 0; nth < 2; nth += 1) await recall('k', at(0), cheap.make)
    expect(cheap.times()).toBe(2)
    for (const key of ['a', 'b', 'c', 'b', 'a']) await recall(key, at(0), dear.make)
    expect(dear.times()).toBe(4)
  })
})
