import { describe, expect, it } from 'vitest'
import type { ModelBundle } from '../analysis/bundle.ts'
import { priorBundle, type PriorOptions } from './prior.ts'
import { createPriors } from './priors.ts'
import { makePrior } from './work.ts'

/** Priors of a maker that does nothing but count, and fails as often as it is told. */
function counted(failures = 0) {
  const asked: PriorOptions[] = []
  const priors = createPriors(async (options) => {
    asked.push(options)
    if (asked.length <= failures) throw new Error('The thread ended.')
    return { version: String(asked.length), repurchase: { made: asked.length } } as unknown as ModelBundle
  })
  return { asked, priors }
}

describe('shipped models on demand', () => {
  it('are made once for who asks at once and later', async () => {
    const { asked, priors } = counted()
    const [one, other] = await Promise.all([priors(40), priors(40)])
    expect([other, await priors(40)]).toEqual([one, one])
    expect(asked).toHaveLength(1)
  })

  it('of other prices take over what does not depend on them', async () => {
    const { asked, priors } = counted()
    const { repurchase } = await priors(40)
    await priors(400)
    expect(asked).toMatchObject([
      { meanOrderValue: 40, repurchase: null },
      { meanOrderValue: 400, repurchase },
    ])
  })

  it('that could not be made are a coded error, and made when they are asked for again', async () => {
    const { priors } = counted(1)
    const failure = { extensions: { code: 'INTERNAL_SERVER_ERROR', reason: 'MODELS_UNAVAILABLE', retryable: true } }
    await expect(priors(40)).rejects.toMatchObject(failure)
    expect((await priors(40)).version).toBe('2')
  })

  it('are made on a thread of their own, the same as on this one', async () => {
    let threads = 0
    process.once('worker', () => (threads += 1))
    const made = await createPriors(makePrior)(40)
    expect(threads).toBe(1)
    expect(made).toEqual(priorBundle({ meanOrderValue: 40, horizonDays: 90 }))
  })

  it('whose thread dies are a coded error, and made when they are asked for again', async () => {
    process.once('worker', (worker) => void worker.terminate())
    const priors = createPriors(makePrior)
    await expect(priors(33)).rejects.toMatchObject({ extensions: { reason: 'MODELS_UNAVAILABLE' } })
    expect((await priors(33)).source).toBe('PRIOR')
  })
})
