import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { deleteTeam, listTeams, saveTeam } from './service.ts'

export const resolvers = {
  Query: {
    teams: (_, _args, { db, viewer }) => listTeams(db, viewer),
  },
  Mutation: {
    saveTeam: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ team: await transact((tx) => saveTeam(tx, viewer, input, clock.now())) })),
    deleteTeam: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ deletedId: await transact((tx) => deleteTeam(tx, viewer, input, clock.now())) })),
  },
  Team: {
    members: ({ id }, _args, { loaders }) => loaders.membersByTeam.load(id),
  },
  Ticket: {
    team: ({ teamId }, _args, { loaders }) => (teamId ? loaders.teamById.load(teamId) : null),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Team' | 'Ticket'>
