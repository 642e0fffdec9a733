/** Goes into every model: a model reads only the features of its own version. Raise it with any change of a name, its place or its meaning. */
export const featureVersion = '1'

export type FeatureUnit = 'days' | 'hours' | 'count' | 'currency' | 'share' | 'ratio' | 'hour of day' | 'sentiment'
export type FeatureGroup =
  | 'recency'
  | 'tenure'
  | 'frequency'
  | 'monetary'
  | 'gaps'
  | 'trend'
  | 'season'
  | 'basket'
  | 'price'
  | 'returns'
  | 'country'
  | 'support'
  | 'engagement'

// Name, unit, meaning, and the value where nothing is known (0 if not given). A purchase day is a UTC day with at least one purchase.
const table = {
  recency: [
    ['daysSinceLastOrder', 'days', 'Days since the last purchase'],
    ['silenceToGap', 'ratio', 'Days since the last purchase over the mean gap plus one day'],
  ],
  tenure: [
    ['tenureDays', 'days', 'Days since the first purchase'],
    ['activeSpanDays', 'days', 'Days from the first purchase to the last'],
  ],
  frequency: [
    ['orders', 'count', 'Purchases'],
    ['purchaseDays', 'count', 'Days with a purchase'],
    ['activeMonths', 'count', 'Calendar months with a purchase'],
    ['purchaseDays28', 'count', 'Purchase days of the last 28 days'],
    ['purchaseDays91', 'count', 'Purchase days of the last 91 days'],
    ['purchaseDays182', 'count', 'Purchase days of the last 182 days'],
    ['purchaseDays364', 'count', 'Purchase days of the last 364 days'],
    ['purchaseRate', 'count', 'Purchase days per 30 days of tenure, which counts as 30 days at least'],
  ],
  monetary: [
    ['spend', 'currency', 'All that was charged'],
    ['netSpend', 'currency', 'All that was charged less what went back, 0 at least'],
    ['averageValue', 'currency', 'Spend of the mean purchase day'],
    ['firstValue', 'currency', 'Spend of the first purchase day'],
    ['lastValue', 'currency', 'Spend of the last purchase day'],
    ['largestValue', 'currency', 'Spend of the largest purchase day'],
    ['valueSpread', 'currency', 'Standard deviation of spend over purchase days'],
    ['lastToAverageValue', 'ratio', 'Spend of the last purchase day over the mean one'],
    ['spend28', 'currency', 'Spend of the last 28 days'],
    ['spend91', 'currency', 'Spend of the last 91 days'],
    ['spend182', 'currency', 'Spend of the last 182 days'],
    ['spend364', 'currency', 'Spend of the last 364 days'],
  ],
  gaps: [
    ['meanGap', 'days', 'Mean days between purchase days', 'tenureDays'],
    ['gapSpread', 'days', 'Standard deviation of the gaps between purchase days'],
    ['lastGap', 'days', 'Days between the last two purchase days', 'tenureDays'],
    ['longestGap', 'days', 'Longest gap between purchase days', 'tenureDays'],
    ['gapVariation', 'ratio', 'Standard deviation of the gaps over their mean'],
  ],
  trend: [
    ['lateOrderShare', 'share', 'Purchase days in the later half of the tenure, of all'],
    ['lateSpendShare', 'share', 'Spend in the later half of the tenure, of all'],
    ['orderTrend', 'ratio', 'Purchase days, last 91 days against the 91 before: difference over sum, −1 to 1'],
    ['spendTrend', 'ratio', 'Spend, last 91 days against the 91 before: difference over sum, −1 to 1'],
  ],
  season: [
    ['quarter1Share', 'share', 'Purchase days in January to March'],
    ['quarter2Share', 'share', 'Purchase days in April to June'],
    ['quarter3Share', 'share', 'Purchase days in July to September'],
    ['quarter4Share', 'share', 'Purchase days in October to December'],
    ['weekendShare', 'share', 'Purchase days on a Saturday or Sunday'],
    ['meanHour', 'hour of day', 'Mean UTC hour of the purchases'],
  ],
  basket: [
    ['itemsPerOrder', 'count', 'Units in the mean purchase'],
    ['linesPerOrder', 'count', 'Lines of the mean purchase'],
    ['categories', 'count', 'Categories bought from'],
    ['categoryEntropy', 'share', 'Evenness over categories: entropy over its largest possible value'],
    ['products', 'count', 'Different products bought'],
    ['repeatProductShare', 'share', 'Products bought again on a later day, of all bought on a day'],
  ],
  price: [
    ['averageUnitPrice', 'currency', 'Spend per unit'],
    ['pricePercentile', 'share', 'Share of the tenant’s customers with a lower spend per unit', '0.5'],
    ['discountShare', 'share', 'Discounts, of spend before discount'],
    ['discountedOrderShare', 'share', 'Purchases with a discount'],
    ['discountedLineShare', 'share', 'Lines with a discount'],
  ],
  returns: [
    ['returns', 'count', 'Return documents, and purchases that were refunded in part or whole'],
    ['returnRate', 'ratio', 'Returns over purchases'],
    ['refundShare', 'share', 'What went back, of spend, 1 at most'],
  ],
  country: [['countryShare', 'share', 'Share of the tenant’s customers who are in the same country']],
  support: [
    ['tickets', 'count', 'Support tickets'],
    ['tickets91', 'count', 'Support tickets of the last 91 days'],
    ['averageSentiment', 'sentiment', 'Mean sentiment, 0 negative to 1 positive', '0.5'],
    ['sentimentTrend', 'ratio', 'Recent sentiment (half-life 30 days before the last one) less the mean'],
    ['resolutionHours', 'hours', 'Mean hours to resolution, of what was resolved by then'],
    ['emailShare', 'share', 'Tickets and messages by email'],
    ['messagingShare', 'share', 'Tickets and messages by SMS or chat'],
    ['phoneShare', 'share', 'Tickets and messages by phone'],
  ],
  engagement: [
    ['opens91', 'count', 'Emails opened in the last 91 days'],
    ['clicks91', 'count', 'Emails clicked in the last 91 days'],
    ['visits91', 'count', 'Visits and other events in the shop in the last 91 days'],
    ['recentActivity', 'count', 'Purchases, messages, opens, clicks and visits, each halved every 30 days'],
  ],
} as const satisfies Record<FeatureGroup, readonly (readonly [string, FeatureUnit, string, string?])[]>

/** A feature's name, as explanations, models and the API show it. */
export type FeatureName = (typeof table)[FeatureGroup][number][0]

export type FeatureDefinition = {
  name: FeatureName
  group: FeatureGroup
  /** `count`, `currency`, `days`, `hours` are 0 or more and skewed; `share` is 0…1; a `ratio` may be negative where its meaning says so. */
  unit: FeatureUnit
  description: string
  /** The value where nothing is known: a number, or the feature whose value it takes. Never NaN. */
  missing: string
}

const groups = Object.keys(table) as FeatureGroup[]

/** All features in the order of a row's columns. */
export const features: readonly FeatureDefinition[] = groups.flatMap((group) =>
  table[group].map(([name, unit, description, missing = '0']) => ({ name, group, unit, description, missing })),
)

/** The column of each feature. */
export const featureIndex = Object.fromEntries(features.map(({ name }, index) => [name, index])) as Record<
  FeatureName,
  number
>
