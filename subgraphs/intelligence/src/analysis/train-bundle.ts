import { planTraining } from '../churn/origins.ts'
import { scoreChurn } from '../churn/predict.ts'
import { trainChurn } from '../churn/train.ts'
import type { SegmentationModel } from '../dna/model.ts'
import { trainSegmentation } from '../dna/segments.ts'
import type { CustomerHistory } from '../features/history.ts'
import { createTrainingSet, type TrainingSet } from '../features/training-set.ts'
import { engagementRaw, trainEngagement } from '../insight/engagement.ts'
import { trainLifecycle } from '../insight/lifecycle.ts'
import { purchasesBefore } from '../insight/purchases.ts'
import { createNextPurchaseTrainer } from '../insight/train-next-purchase.ts'
import { scoreLtv } from '../ltv/predict.ts'
import { trainLtv } from '../ltv/train.ts'
import type { BundleSource, ModelBundle } from './bundle.ts'

export type TrainingInput = {
  /** All customers, streamed: each history is looked at once and let go. */
  histories: AsyncIterable<CustomerHistory> | Iterable<CustomerHistory>
  /** ms: nothing from here on is read. */
  asOf: number
  /** ms, of the tenant's first order. */
  firstOrderAt: number
  /** Of churn, 28 to 365 days. */
  horizonDays: number
  seed: number
  source?: BundleSource
  /** Segments that are still there keep their ids and names. */
  previous?: SegmentationModel | undefined
  /** 0…1 */
  onProgress?: (share: number) => void
  /** Sees every customer's features as they are at `asOf`. */
  onRows?: (rows: TrainingSet) => void
}

/**
 * Trains everything that insight is computed by. Deterministic for a seed and the histories' order.
 * @throws GraphQLError BAD_USER_INPUT with reason INSUFFICIENT_DATA where there is too little to learn from
 */
export async function trainBundle(input: TrainingInput): Promise<ModelBundle> {
  const { asOf, firstOrderAt, seed, source = 'OWN', previous, onProgress = () => {}, onRows } = input
  const plan = planTraining(asOf, firstOrderAt, input.horizonDays)
  const rows = createTrainingSet(plan)
  const now = createTrainingSet({ origins: [asOf], horizonDays: 1 })
  const repurchases = createNextPurchaseTrainer({ asOf, seed })
  const raws: number[] = []
  const purchases: number[][] = []
  for await (const history of input.histories) {
    rows.add(history)
    now.add(history)
    repurchases.add(history)
    raws.push(engagementRaw(history, asOf))
    purchases.push([...purchasesBefore(history, asOf)])
  }
  onProgress(0.2)
  const set = rows.finish()
  const churn = trainChurn(set, { ...plan, seed, onProgress: (share) => onProgress(0.2 + 0.4 * share) })
  const ltv = trainLtv(set, { ...plan, seed, onProgress: (share) => onProgress(0.6 + 0.2 * share) })
  const current = now.finish()
  onRows?.(current)
  const outcomes = { ltv: scoreLtv(ltv, current).amount, churn: new Float64Array(current.n) }
  scoreChurn(churn, current, outcomes.churn)
  const segmentation = trainSegmentation(current, { seed, outcomes, ...(previous && { previous }) })
  onProgress(0.95)
  return {
    source,
    version: `${source === 'OWN' ? 'own' : 'prior'}-${new Date(asOf).toISOString().slice(0, 10)}-${seed}`,
    asOf,
    trainedOn: current.n,
    seed,
    reference: current.reference,
    churn,
    ltv,
    segmentation,
    repurchase: enough(() => repurchases.finish()),
    engagement: trainEngagement(raws),
    lifecycle: trainLifecycle(purchases, asOf),
  }
}

/** What too few repeat purchases cannot teach is left out; any other failure is one. */
function enough<T>(train: () => T): T | null {
  try {
    return train()
  } catch (error) {
    const { extensions } = error as { extensions?: { reason?: unknown } }
    if (extensions?.reason === 'INSUFFICIENT_DATA') return null
    throw error
  }
}
