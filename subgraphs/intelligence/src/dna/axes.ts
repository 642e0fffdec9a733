import type { FeatureName } from '../features/catalogue.ts'
import type { BehaviorAxis } from './model.ts'

/** Raise it with any change below: a model is only read with the axes that it was trained on. */
export const axesVersion = '1'

export type AxisFeature = {
  feature: FeatureName
  /** ln(1 + x), for what is skewed. */
  log: boolean
  /** What counts as the middle, and as one step from it; null takes the tenant's median, or the spread of its quartiles. */
  shift: number | null
  scale: number | null
}

export type AxisDefinition = {
  axis: BehaviorAxis
  features: readonly AxisFeature[]
  /** Fewer days with a purchase than this tell nothing of a customer on this axis. */
  purchaseDays: number
  tenureDays: number
  /** Not every tenant records these: where all stay at the value for "nothing known", the whole axis is unknown. */
  recordedBy: readonly FeatureName[]
  /** Whether each customer must have one of `recordedBy`; else, where the tenant records them, nothing means none. */
  fromEach: boolean
  /** At least so many segments, where the customers differ at all. */
  fewest: number
}

const robust = (feature: FeatureName): AxisFeature => ({ feature, log: true, shift: null, scale: null })
/** One step is twice the median: where names say how many times as much as most. */
const timesMedian = (feature: FeatureName): AxisFeature => ({ feature, log: true, shift: null, scale: Math.LN2 })
/** One step is twice as much. */
const doublings = (feature: FeatureName, middle: number): AxisFeature => ({
  feature,
  log: true,
  shift: Math.log1p(middle),
  scale: Math.LN2,
})
/** Shares and rates mean the same in every shop. */
const share = (feature: FeatureName, shift: number, scale: number): AxisFeature => ({
  feature,
  log: false,
  shift,
  scale,
})

const define = (axis: BehaviorAxis, features: AxisFeature[], rest: Partial<AxisDefinition> = {}): AxisDefinition => ({
  axis,
  features,
  purchaseDays: 1,
  tenureDays: 0,
  recordedBy: [],
  fromEach: false,
  fewest: 2,
  ...rest,
})

/** In the order of `behaviorAxes`. */
export const axisDefinitions: readonly AxisDefinition[] = [
  define('PURCHASE_FREQUENCY', [timesMedian('purchaseDays'), timesMedian('purchaseDays364')]),
  // Spend has no gaps that would set the few largest buyers apart, but no shop wants them lost among the better half.
  define('PURCHASE_VALUE', [timesMedian('netSpend'), timesMedian('averageValue')], { fewest: 4 }),
  define(
    'PRICE_SENSITIVITY',
    [share('discountShare', 0.1, 0.1), share('discountedOrderShare', 0.35, 0.3), share('pricePercentile', 0.5, 0.3)],
    { recordedBy: ['discountShare', 'discountedOrderShare', 'discountedLineShare'] },
  ),
  define('PURCHASE_CADENCE', [robust('meanGap'), robust('longestGap')], { purchaseDays: 2 }),
  define('CATEGORY_EXPLORATION', [robust('categories'), robust('products'), share('categoryEntropy', 0.5, 0.3)], {
    recordedBy: ['categories', 'products'],
    fromEach: true,
  }),
  define('REPURCHASE_LOYALTY', [robust('activeMonths'), share('repeatProductShare', 0.2, 0.2)], { purchaseDays: 2 }),
  define('RETURN_BEHAVIOR', [share('returnRate', 0.1, 0.15), share('refundShare', 0.1, 0.15)], {
    recordedBy: ['returnRate', 'refundShare'],
  }),
  define('CUSTOMER_MATURITY', [robust('tenureDays')]),
  define(
    'LOYALTY_TRAJECTORY',
    [share('orderTrend', 0, 0.5), share('spendTrend', 0, 0.5), doublings('silenceToGap', 1)],
    { purchaseDays: 2 },
  ),
  define(
    'SEASONALITY',
    [
      share('quarter1Share', 0.25, 0.25),
      share('quarter2Share', 0.25, 0.25),
      share('quarter3Share', 0.25, 0.25),
      share('quarter4Share', 0.25, 0.25),
      share('weekendShare', 0.286, 0.25),
    ],
    { purchaseDays: 3, tenureDays: 182 },
  ),
  define(
    'CHANNEL_PREFERENCE',
    [share('emailShare', 0.3, 0.3), share('messagingShare', 0.3, 0.3), share('phoneShare', 0.3, 0.3)],
    { recordedBy: ['tickets', 'emailShare', 'messagingShare', 'phoneShare'], fromEach: true },
  ),
  define('ENGAGEMENT', [doublings('opens91', 2), doublings('clicks91', 1), doublings('visits91', 2)], {
    recordedBy: ['opens91', 'clicks91', 'visits91'],
  }),
  define('SUPPORT_DEMAND', [doublings('tickets', 1), doublings('tickets91', 1)], { recordedBy: ['tickets'] }),
  define('SENTIMENT_TREND', [share('averageSentiment', 0.5, 0.2), share('sentimentTrend', 0, 0.15)], {
    recordedBy: ['averageSentiment', 'sentimentTrend'],
    fromEach: true,
  }),
]
