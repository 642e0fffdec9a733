import type { Resolvers } from '../../generated/resolvers.ts'
import { money } from '../orders/money.ts'
import { analyzeCustomer, analyzeCustomers } from './analyze.ts'
import {
  churnRiskOf,
  dnaView,
  engagementView,
  guidanceView,
  lifecycleView,
  ltvForecastOf,
  nextPurchaseView,
  segmentsOf,
  trajectoryView,
} from './insight.ts'
import { inTurn } from './turns.ts'

export const resolvers = {
  Query: {
    analyzeCustomer: (_, { input }, { db, viewer, clock }) => analyzeCustomer(db, viewer, input, clock.now()),
    analyzeCustomers: (_, { input }, { db, viewer, clock }) => analyzeCustomers(db, viewer, input, clock.now()),
  },
  Customer: {
    dna: async ({ id }, _args, { loaders }) => dnaView(await loaders.insightByCustomer.load(id)),
    dnaStatus: async ({ id }, _args, { loaders }) => (await loaders.insightByCustomer.load(id)).status,
    churnRisk: async ({ id }, { horizonDays }, { loaders }) =>
      churnRiskOf(await loaders.insightByCustomer.load(id), horizonDays ?? undefined),
    ltvForecast: async ({ id }, { months }, { loaders }) =>
      ltvForecastOf(await loaders.insightByCustomer.load(id), months ?? 12),
    nextPurchase: async ({ id }, _args, { loaders }) => nextPurchaseView(await loaders.insightByCustomer.load(id)),
    engagement: async ({ id }, _args, { loaders }) => engagementView(await loaders.insightByCustomer.load(id)),
    lifecycle: async ({ id }, _args, { loaders }) => lifecycleView(await loaders.insightByCustomer.load(id)),
    communicationGuidance: async ({ id }, _args, { loaders }) => guidanceView(await loaders.insightByCustomer.load(id)),
    trajectory: async ({ id }, _args, { loaders }) => trajectoryView(await loaders.insightByCustomer.load(id)),
    history: ({ id }, { metric, days }, { loaders }) => loaders.pointsByCustomer(metric, days ?? 365).load(id),
  },
  // Up to a thousand at once.
  Analysis: {
    dna: ({ insight }) => insight && inTurn(() => dnaView(insight)),
    churnRisk: ({ insight }) => insight && inTurn(() => churnRiskOf(insight)),
    ltvForecast: ({ insight, ltvMonths }) => insight && inTurn(() => ltvForecastOf(insight, ltvMonths)),
    nextPurchase: ({ insight }) => insight && nextPurchaseView(insight),
    engagement: ({ insight }) => insight && engagementView(insight),
    lifecycle: ({ insight }) => insight && lifecycleView(insight),
    trajectory: ({ insight }) => insight && trajectoryView(insight),
    communicationGuidance: ({ insight }) => insight && inTurn(() => guidanceView(insight)),
  },
  Archetype: {
    dominantSegments: ({ dominantSegments, segmentation }) => segmentsOf(segmentation, dominantSegments),
    averageLtv: ({ averageLtv, currencyCode }) =>
      averageLtv === null || currencyCode === null ? null : money(averageLtv.toFixed(2), currencyCode),
  },
} satisfies Pick<Resolvers, 'Query' | 'Customer' | 'Analysis' | 'Archetype'>
