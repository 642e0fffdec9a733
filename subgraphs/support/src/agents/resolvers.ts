import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { login } from './login.ts'
import { createAgent, listAgents } from './service.ts'
import { revokeSession } from './sessions.ts'

export const resolvers = {
  Query: {
    viewer: (_, _args, { viewer }) => viewer,
    agent: (_, { id }, { loaders }) => loaders.agentById.load(id),
    agents: (_, page, { db, viewer }) => listAgents(db, viewer, page),
  },
  Mutation: {
    login: (_, { input }, context) => payload(() => login(context.login, input)),
    logout: (_, _args, { viewer, transact, clock }) =>
      payload(async () => {
        if (viewer.kind === 'agent') await transact((tx) => revokeSession(tx, viewer, clock.now()))
        return {}
      }),
    createAgent: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ agent: await transact((tx) => createAgent(tx, viewer, input, clock.now())) })),
  },
  Viewer: {
    agent: (viewer, _args, { loaders }) => (viewer.kind === 'agent' ? loaders.agentById.load(viewer.agentId) : null),
    tenant: (viewer, _args, { loaders }) => loaders.tenantById.load(viewer.tenantId),
  },
  Agent: {
    __resolveReference: ({ id }, { loaders }) => loaders.agentById.load(id),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Viewer' | 'Agent'>
