import { codedError } from '@quimbi/service/errors.ts'
import { createLru } from '@quimbi/service/lru.ts'
import type { ModelBundle } from '../analysis/bundle.ts'
import type { PriorOptions } from './prior.ts'
import { makePrior } from './work.ts'

/** Makes the shipped models at one value of an order, in money of any currency, above 0. */
export type Priors = (meanOrderValue: number) => Promise<ModelBundle>

/** Any horizon is converted from this one, exactly: the shipped churn model knows a customer's rhythm alone. */
const horizonDays = 90
const kept = 20

/**
 * Keeps what was made, and whoever asks meanwhile waits for the same.
 * @throws GraphQLError INTERNAL_SERVER_ERROR with reason MODELS_UNAVAILABLE if they could not be made; asking again tries again
 */
export function createPriors(make: (options: PriorOptions) => Promise<ModelBundle>): Priors {
  const priors = createLru<number, Promise<ModelBundle>>(kept)
  let repurchase: ModelBundle['repurchase'] = null
  async function makeOne(meanOrderValue: number): Promise<ModelBundle> {
    try {
      const bundle = await make({ meanOrderValue, horizonDays, repurchase })
      repurchase = bundle.repurchase
      return bundle
    } catch (cause) {
      priors.delete(meanOrderValue)
      const failure = codedError('INTERNAL_SERVER_ERROR', 'The shipped models could not be made. Try again.', {
        reason: 'MODELS_UNAVAILABLE',
        retryable: true,
      })
      throw Object.assign(failure, { cause })
    }
  }
  return (meanOrderValue) => {
    const known = priors.get(meanOrderValue)
    if (known) return known
    const made = makeOne(meanOrderValue)
    priors.set(meanOrderValue, made)
    return made
  }
}

/** The process's own, made on threads: requests go on. */
export const priorOf: Priors = createPriors(makePrior)
