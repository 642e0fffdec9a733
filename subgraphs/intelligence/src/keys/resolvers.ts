import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { listKeys, oneKey } from './list.ts'
import { listReads } from './reads.ts'
import { createApiKey, revokeApiKey, rotateApiKey } from './service.ts'
import { statusOf } from './status.ts'

export const resolvers = {
  Query: {
    apiKeys: (_, _args, { db, viewer, clock }) => listKeys(db, viewer, clock.now()),
    apiKey: (_, { id }, { db, viewer }) => oneKey(db, viewer, id),
  },
  Mutation: {
    createApiKey: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => createApiKey(tx, viewer, input, clock.now()))),
    rotateApiKey: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => rotateApiKey(tx, viewer, input, clock.now()))),
    revokeApiKey: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => revokeApiKey(tx, viewer, input.id, clock.now()))),
  },
  ApiKey: {
    status: (key, _args, { clock }) => statusOf(key, clock.now()),
    reads: ({ id }, page, { db, loaders, viewer }) => listReads({ db, loaders, viewer, keyId: id }, page),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'ApiKey'>
