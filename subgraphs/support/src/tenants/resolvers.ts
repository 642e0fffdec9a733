import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { formulaOf, type Weights } from '../scoring/score.ts'
import { updateTenantSettings } from './settings.ts'

export const resolvers = {
  Mutation: {
    updateTenantSettings: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ tenant: await transact((tx) => updateTenantSettings(tx, viewer, input, clock.now())) })),
  },
  Tenant: {
    settings: (tenant) => tenant,
  },
  TenantSettings: {
    scoringFormula: ({ scoringVersion, scoringWeights }) =>
      formulaOf(scoringVersion, scoringWeights as Partial<Weights> | null),
    brand: ({ brand, name }) => brand ?? name,
    vipFromLifetimeValue: ({ vipFromLifetimeValue }) => vipFromLifetimeValue?.toFixed() ?? null,
  },
} satisfies Pick<Resolvers, 'Mutation' | 'Tenant' | 'TenantSettings'>
