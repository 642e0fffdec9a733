import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { dryRun } from './dry-run.ts'
import { deleteRule, listRules, saveRule } from './service.ts'

export const resolvers = {
  Query: {
    automationRules: (_, _args, { db, viewer }) => listRules(db, viewer),
    automationDryRun: (_, { input, days }, { db, viewer, clock }) => dryRun(db, viewer, { input, days }, clock.now()),
  },
  Mutation: {
    saveAutomationRule: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ rule: await transact((tx) => saveRule(tx, viewer, input, clock.now())) })),
    deleteAutomationRule: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => deleteRule(tx, viewer, input.id, clock.now()))),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation'>
