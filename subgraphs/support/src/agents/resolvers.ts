import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { changePassword } from './change-password.ts'
import { deactivateAgent, reactivateAgent } from './leave.ts'
import { listAgents } from './list.ts'
import { login } from './login.ts'
import { permissionsOf } from './permissions.ts'
import { createAgent, setAgentStatus, updateAgent } from './service.ts'
import { revokeSession } from './sessions.ts'
import { spareOf } from './workload.ts'

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
    updateAgent: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ agent: await transact((tx) => updateAgent(tx, viewer, input, clock.now())) })),
    setAgentStatus: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ agent: await transact((tx) => setAgentStatus(tx, viewer, input, clock.now())) })),
    deactivateAgent: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ agent: await transact((tx) => deactivateAgent(tx, viewer, input, clock.now())) })),
    reactivateAgent: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ agent: await transact((tx) => reactivateAgent(tx, viewer, input, clock.now())) })),
    changePassword: (_, { input }, { viewer, clock, login: dependencies }) =>
      payload(async () => ({ agent: await changePassword(dependencies, viewer, input, clock.now()) })),
  },
  Viewer: {
    agent: (viewer, _args, { loaders }) => (viewer.kind === 'agent' ? loaders.agentById.load(viewer.agentId) : null),
    tenant: (viewer, _args, { loaders }) => loaders.tenantById.load(viewer.tenantId),
    permissions: (viewer) => [...permissionsOf(viewer)],
  },
  Agent: {
    __resolveReference: ({ id }, { loaders }) => loaders.agentById.load(id),
    workload: async ({ id, capacity }, _args, { loaders }) => {
      const load = await loaders.loadByAgent.load(id)
      return { ...load, spare: spareOf(capacity, load) }
    },
    teams: ({ id }, _args, { loaders }) => loaders.teamsByAgent.load(id),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Viewer' | 'Agent'>
