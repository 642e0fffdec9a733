import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { driftOf } from './drift.ts'
import { promoteModel } from './promote.ts'
import { listJobs, listModels, trainModels } from './service.ts'
import { saveSettings } from './settings.ts'

const nothingTaken = { accepted: 0, updated: 0, duplicates: 0 }

export const resolvers = {
  Query: {
    models: (_, _args, { db, viewer }) => listModels(db, viewer),
    jobs: (_, { first }, { db, viewer }) => listJobs(db, viewer, first),
    drift: (_, { kind }, { db, viewer }) => driftOf(db, viewer, kind),
  },
  Mutation: {
    trainModels: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => trainModels(tx, viewer, input, clock.now()))),
    promoteModel: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => promoteModel(tx, viewer, input, clock.now()))),
    saveIntelligenceSettings: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => saveSettings(tx, viewer, input, clock.now())), nothingTaken),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation'>
