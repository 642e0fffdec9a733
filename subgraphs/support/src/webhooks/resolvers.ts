import { payload } from '@quimbi/service/errors.ts'
import { hintOf } from '@quimbi/webhooks/secrets.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { listDeliveries } from './deliveries.ts'
import { deleteEndpoint, listEndpoints, saveEndpoint } from './service.ts'

export const resolvers = {
  Query: {
    webhookEndpoints: (_, _args, { db, viewer }) => listEndpoints(db, viewer),
  },
  Mutation: {
    saveWebhookEndpoint: (_, { input }, { transact, viewer, doors: { settings, clock } }) =>
      payload(() => transact((tx) => saveEndpoint(tx, viewer, input, { now: clock.now(), settings }))),
    deleteWebhookEndpoint: (_, { input }, { transact, viewer, doors: { clock } }) =>
      payload(() => transact((tx) => deleteEndpoint(tx, viewer, input.id, clock.now()))),
  },
  WebhookEndpoint: {
    secretHint: hintOf,
    deliveries: (endpoint, page, { db }) => listDeliveries(db, endpoint, page),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'WebhookEndpoint'>
