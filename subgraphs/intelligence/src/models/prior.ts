import type { ModelBundle } from '../analysis/bundle.ts'
import { priorChurn } from '../churn/buying.ts'
import type { SegmentationModel } from '../dna/model.ts'
import { trainSegmentation } from '../dna/segments.ts'
import type { CustomerHistory } from '../features/history.ts'
import { createTrainingSet } from '../features/training-set.ts'
import { engagementRaw, trainEngagement } from '../insight/engagement.ts'
import { trainLifecycle } from '../insight/lifecycle.ts'
import type { NextPurchaseModel } from '../insight/next-purchase.ts'
import { purchasesBefore } from '../insight/purchases.ts'
import { createNextPurchaseTrainer } from '../insight/train-next-purchase.ts'
import { priorLtv } from '../ltv/prior.ts'
import { imagineShop } from './imagine.ts'

/** With each change of what is imagined or learnt from it. */
const version = 'prior-2'
const seed = 1
const customers = 3_000
/** The imagined shop stands still at this day: only distances in time are learnt. */
const day = Date.UTC(2026, 0, 1)

export type PriorOptions = {
  /** What an order is worth to this tenant, in its currency; above 0. */
  meanOrderValue: number
  horizonDays: number
  /** Of a prior that was made before: nothing in it depends on money or horizon, and it takes longest. */
  repurchase?: NextPurchaseModel | null
}

/**
 * The shipped models, for a tenant of whose customers too little is known: how the customers of a plain shop buy, learnt from imagined ones,
 * at this tenant's value of an order. Insight by it says so. About a second of work, most of it for `repurchase`: requests ask `priorOf`.
 */
export function priorBundle({ meanOrderValue, horizonDays, repurchase }: PriorOptions): ModelBundle {
  const shop = imagineShop(customers, { asOf: day, value: meanOrderValue, seed })
  const set = createTrainingSet({ origins: [day], horizonDays: 1 })
  for (const history of shop) set.add(history)
  const rows = set.finish()
  return {
    source: 'PRIOR',
    version,
    asOf: day,
    trainedOn: 0,
    seed,
    reference: rows.reference,
    churn: priorChurn(horizonDays),
    ltv: priorLtv({ horizonDays, meanValue: meanOrderValue }),
    segmentation: ofAnyShop(trainSegmentation(rows, { seed })),
    repurchase: repurchase ?? learnRepurchase(shop),
    engagement: trainEngagement(shop.map((history) => engagementRaw(history, day))),
    lifecycle: trainLifecycle(
      shop.map((history) => purchasesBefore(history, day)),
      day,
    ),
  }
}

/** The imagined shop records everything; one that sends no opens, tickets, returns or discounts has not only silent, content customers. */
const ofAnyShop = (model: SegmentationModel): SegmentationModel => ({
  ...model,
  axes: model.axes.map((axis) => ({ ...axis, fromEach: true })),
})

function learnRepurchase(shop: readonly CustomerHistory[]): NextPurchaseModel {
  const trainer = createNextPurchaseTrainer({ asOf: day, seed, rows: 20_000 })
  for (const history of shop) trainer.add(history)
  return trainer.finish()
}
