import type { Resolvers } from '../../generated/resolvers.ts'
import { findArchetype, listArchetypes } from './archetypes.ts'
import { listCohorts } from './cohorts.ts'
import { queryCustomers } from './query.ts'
import { distributionOf, listSegments } from './segments.ts'
import { churnTrend } from './trend.ts'

export const resolvers = {
  Query: {
    queryCustomers: (_, args, { db, viewer, clock }) => queryCustomers(db, viewer, args, clock.now()),
    segments: (_, { axis }, { db, viewer }) => listSegments(db, viewer, axis ?? null),
    archetypes: (_, { level, first }, { db, viewer }) => listArchetypes(db, viewer, { level: level ?? null, first }),
    archetype: (_, { id }, { db, viewer }) => findArchetype(db, viewer, id),
    segmentDistribution: (_, { axis, at }, { db, viewer, clock }) =>
      distributionOf(db, viewer, { axis, at: at ?? null }, clock.now()),
    churnTrend: (_, { days }, { db, viewer, clock }) => churnTrend(db, viewer, days ?? 90, clock.now()),
    cohorts: (_, { by, metric }, { db, viewer, clock }) =>
      listCohorts(db, viewer, { by: by ?? 'MONTH', metric: metric ?? 'RETENTION' }, clock.now()),
  },
  InsightConnection: {
    totalCount: (page) => page.countAll(),
  },
} satisfies Pick<Resolvers, 'Query' | 'InsightConnection'>
