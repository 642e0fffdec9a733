import type { ChurnModel } from '../churn/model.ts'
import type { SegmentationModel } from '../dna/model.ts'
import type { Reference } from '../features/reference.ts'
import type { LifecycleModel } from '../insight/lifecycle.ts'
import type { NextPurchaseModel } from '../insight/next-purchase.ts'
import type { Percentiles } from '../insight/quantiles.ts'
import type { LtvModel } from '../ltv/model.ts'

/** OWN: of the tenant's own customers; PRIOR: shipped, for a tenant of whom too little is known. */
export type BundleSource = 'OWN' | 'PRIOR'

/** All models of one training, made to be used together: plain data, encodable by `learning/codec.ts`. */
export type ModelBundle = {
  source: BundleSource
  /** What insight says it was computed by. */
  version: string
  /** ms: nothing from here on was seen. */
  asOf: number
  /** Customers learnt from. */
  trainedOn: number
  seed: number
  /** What features are relative to. */
  reference: Reference
  churn: ChurnModel
  ltv: LtvModel
  segmentation: SegmentationModel
  /** Null where too few bought twice. */
  repurchase: NextPurchaseModel | null
  engagement: Percentiles
  lifecycle: LifecycleModel
}

export const bundleStamp = { kind: 'BUNDLE', version: 2 } as const
