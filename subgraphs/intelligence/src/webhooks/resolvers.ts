import { payload } from '@quimbi/service/errors.ts'
import { hintOf } from '@quimbi/webhooks/secrets.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { listDeliveries } from './deliveries.ts'
import { deleteWebhook, listWebhooks, saveWebhook } from './service.ts'

export const resolvers = {
  Query: {
    insightWebhooks: (_, _args, { db, viewer }) => listWebhooks(db, viewer),
  },
  Mutation: {
    saveInsightWebhook: (_, { input }, { transact, viewer, clock, webhooks: rules }) =>
      payload(() => transact((tx) => saveWebhook(tx, viewer, input, { now: clock.now(), rules }))),
    deleteInsightWebhook: (_, { input }, { transact, viewer, clock }) =>
      payload(() => transact((tx) => deleteWebhook(tx, viewer, input.id, clock.now()))),
  },
  InsightWebhook: {
    secretHint: hintOf,
    deliveries: (webhook, page, { db }) => listDeliveries(db, webhook, page),
  },
  InsightWebhookDelivery: {
    error: ({ lastError }) => lastError,
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'InsightWebhook' | 'InsightWebhookDelivery'>
