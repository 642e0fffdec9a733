import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf, inOrder } from './chunks.ts'
import { ingestAll } from './ingest.ts'

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('chunks', () => {
  it('hold all items in order, and no more than fits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 60 }),
        async (items, most, bytes) => {
          const chunks = await all(chunksOf(items, { items: most, bytes }))
          expect(chunks.flat()).toEqual(items)
          for (const chunk of chunks) {
            const isSmall = Buffer.byteLength(JSON.stringify(chunk)) <= bytes + 2
            expect(chunk.length > 0 && chunk.length <= most && (chunk.length === 1 || isSmall)).toBe(true)
          }
        },
      ),
    )
  })

  it('are read no faster than they are taken', async () => {
    let read = 0
    async function* endless() {
      for (;;) yield (read += 1)
    }
    for await (const chunk of chunksOf(endless(), { items: 10, bytes: Infinity })) if (chunk[0] === 11) break
    expect(read).toBeLessThanOrEqual(21)
  })
})

describe('answers in order', () => {
  it('come in order, so many asked at once', async () => {
    let [running, most] = [0, 0]
    const ask = async (n: number) => {
      most = Math.max(most, (running += 1))
      for (let turn = 0; turn < (n * 7) % 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return n
    }
    const numbers = Array.from({ length: 20 }, (_, n) => n)
    expect(await all(inOrder(chunksOf(numbers, { items: 1, bytes: 1e9 }), 3, ([n = 0]) => ask(n)))).toEqual(numbers)
    expect(most).toBe(3)
  })

  it('end with the first failure', async () => {
    const asked: number[] = []
    const ask = ([n = 0]: number[]) => (asked.push(n), n === 2 ? Promise.reject(new Error('two')) : Promise.resolve(n))
    const numbers = Array.from({ length: 100 }, (_, n) => n)
    await expect(all(inOrder(chunksOf(numbers, { items: 1, bytes: 1e9 }), 2, ask))).rejects.toThrow('two')
    expect(asked.length).toBeLessThan(6)
  })
})

it('refusals of later chunks are told with their place among all items', async () => {
  const taken: number[] = []
  const payload = await ingestAll(
    Array.from({ length: 2_500 }, (_, n) => n),
    async (chunk) => {
      taken.push(chunk.length)
      const refused = { code: 'INVALID', message: 'x' } as const
      const userErrors = [
        { ...refused, path: ['input', 'orders', '7', 'order', 'total'] },
        { ...refused, path: null },
      ]
      return { accepted: chunk.length - 1, updated: 0, duplicates: 1, userErrors }
    },
  )
  expect(taken).toEqual([1_000, 1_000, 500])
  expect(payload).toMatchObject({ accepted: 2_497, duplicates: 3 })
  expect(payload.userErrors.map(({ path }) => path?.[2])).toEqual([
    '7',
    undefined,
    '1007',
    undefined,
    '2007',
    undefined,
  ])
})
