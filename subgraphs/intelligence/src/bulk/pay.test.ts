import { expect, it } from 'vitest'
import { payOrWait } from './pay.ts'

async function pay(answers: number[]) {
  const waited: number[] = []
  let asked = 0
  const take = async () => {
    const retryAfterMs = answers[(asked += 1) - 1] ?? 0
    return { allowed: asked > answers.length, retryAfterMs }
  }
  const error: unknown = await payOrWait(take, 1_000, async (ms) => void waited.push(ms)).catch(
    (reason: unknown) => reason,
  )
  return { waited, asked, error }
}

it('is paid at once where there are points enough', async () => {
  expect(await pay([])).toEqual({ waited: [], asked: 1, error: undefined })
})

it('waits for what comes back', async () => {
  expect(await pay([300, 600])).toEqual({ waited: [300, 600], asked: 3, error: undefined })
})

it('refuses where that takes too long, by itself or in all', async () => {
  const refused = expect.objectContaining({ extensions: expect.objectContaining({ code: 'THROTTLED' }) })
  expect(await pay([1_001])).toEqual({ waited: [], asked: 1, error: refused })
  expect(await pay([600, 600])).toEqual({ waited: [600], asked: 2, error: refused })
  expect((await pay(Array.from({ length: 100 }, () => 0))).asked).toBe(21)
})
