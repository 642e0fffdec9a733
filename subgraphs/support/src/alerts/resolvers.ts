import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { keywordsInForce, topicAlertsOf } from '../scoring/service.ts'
import { wantFilling } from './fill-job.ts'
import { fillMatches } from './fill.ts'
import { deleteTopicAlert, saveTopicAlert } from './service.ts'
import { suggestTopicAlerts } from './suggestions.ts'

export const resolvers = {
  Query: {
    topicAlerts: (_, _args, { loaders, clock }) => topicAlertsOf(loaders, clock.now()),
    suggestedTopicAlerts: (_, _args, { db, viewer, loaders, clock }) =>
      suggestTopicAlerts(db, viewer, () => keywordsInForce(loaders, clock.now()), clock.now()),
  },
  Mutation: {
    saveTopicAlert: (_, { input }, { db, viewer, transact, clock, doors }) =>
      payload(async () => {
        const topicAlert = await transact(async (tx) => {
          const alert = await saveTopicAlert(tx, viewer, input, clock.now())
          await wantFilling(tx, { tenantId: alert.tenantId, alertId: alert.id }, doors.clock.now())
          return alert
        })
        const { tenantId, id: alertId, keywords } = topicAlert
        await fillMatches({ db, transact }, { tenantId, alertId, keywords }, clock.now())
        return { topicAlert }
      }),
    deleteTopicAlert: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ deletedId: await transact((tx) => deleteTopicAlert(tx, viewer, input.id, clock.now())) })),
  },
  TopicAlert: {
    createdBy: async ({ createdBy }, _args, { loaders }) => {
      const agent = await loaders.agentById.load(createdBy)
      return agent ?? Promise.reject(new Error('The agent is gone.'))
    },
    matching: ({ id }, _args, { loaders }) => loaders.matchesOfAlert.load(id),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'TopicAlert'>
