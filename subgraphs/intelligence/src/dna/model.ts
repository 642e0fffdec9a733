/** As `BehaviorAxis` in the contract, in its order: nine from purchases, five from support and engagement. */
export const behaviorAxes = [
  'PURCHASE_FREQUENCY',
  'PURCHASE_VALUE',
  'PRICE_SENSITIVITY',
  'PURCHASE_CADENCE',
  'CATEGORY_EXPLORATION',
  'REPURCHASE_LOYALTY',
  'RETURN_BEHAVIOR',
  'CUSTOMER_MATURITY',
  'LOYALTY_TRAJECTORY',
  'SEASONALITY',
  'CHANNEL_PREFERENCE',
  'ENGAGEMENT',
  'SUPPORT_DEMAND',
  'SENTIMENT_TREND',
] as const
export type BehaviorAxis = (typeof behaviorAxes)[number]

/** How clear it is: of a membership, or of what an archetype rests on. */
export const archetypeLevels = ['EMERGING', 'TENDENCY', 'STRENGTH'] as const
export type ArchetypeLevel = (typeof archetypeLevels)[number]

/** `share` is of all customers that the model was trained on; `center` holds each feature of the axis in its own unit. */
export type Segment = {
  id: string
  axis: BehaviorAxis
  /** Never given twice on an axis; 0 is the segment of those of whom too little is known. */
  serial: number
  name: string
  description: string
  memberCount: number
  share: number
  center: Record<string, number>
}

/** What makes an axis' features comparable: `(transformed - shift) / scale`, cut at `reach`. One number per feature. */
export type Yardstick = { shift: Float64Array; scale: Float64Array }

/** `segments` has the k found, in the order of `centers` (k × d, on the yardstick); none where the tenant's data tell nothing. */
export type AxisModel = {
  axis: BehaviorAxis
  yardstick: Yardstick
  centers: Float64Array
  /** τ of the memberships softmax(−d²/τ). */
  temperature: number
  segments: Segment[]
  unknown: Segment
  lastSerial: number
  /** Of shipped models, which cannot tell what a shop records: who has nothing of what the axis takes is unknown on it. */
  fromEach?: true
}

/** One node of the tree of archetypes: every customer is in exactly one of each level. */
export type Archetype = {
  id: string
  name: string
  description: string
  level: ArchetypeLevel
  /** Its place in the list of archetypes; −1 for the coarsest level. */
  parent: number
  /** Segment ids, in the order of the tree's axes. */
  dominantSegments: string[]
  traits: string[]
  recommendedActions: string[]
  memberCount: number
  share: number
  /** In the tenant's currency; null when the model was trained without outcomes. */
  averageLtv: number | null
  averageChurnRisk: number | null
}

/** `leaf[code]` is the finest archetype of a combination of dominant segments; `code` is read with `radix` (see telling-axes.ts). */
export type ArchetypeTree = {
  /** Places in `behaviorAxes`, the most telling first. */
  axes: number[]
  radix: number[]
  /** How many of the axes each level, coarsest first, rests on. */
  depths: number[]
  leaf: Int32Array
  archetypes: Archetype[]
}

/** Plain data, for `learning/codec.ts`. */
export type SegmentationModel = {
  version: string
  trainedOn: number
  seed: number
  axes: AxisModel[]
  tree: ArchetypeTree
}
