export type EntityKind =
  'ORDER_NUMBER' | 'TRACKING_NUMBER' | 'AMOUNT' | 'DATE' | 'EMAIL' | 'PHONE' | 'PRODUCT' | 'ADDRESS'

/** An entity and its place in the text: from `from` up to `to`. */
export type Found = { kind: EntityKind; text: string; from: number; to: number }
