import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { clearDemoData } from './clear.ts'
import { advanceDemoClock } from './advance-clock.ts'
import { resetDemoConversation } from './reset.ts'
import { addDemoMessage } from './say.ts'

export const resolvers = {
  Mutation: {
    addDemoMessage: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => addDemoMessage(tx, viewer, input, clock.now()))),
    resetDemoConversation: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => resetDemoConversation(tx, viewer, input, clock.now()))),
    clearDemoData: (_, _args, { viewer, transact, clock }) =>
      payload(() => transact((tx) => clearDemoData(tx, viewer, clock.now()))),
    advanceDemoClock: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ tenant: await transact((tx) => advanceDemoClock(tx, viewer, input, clock.now())) })),
  },
} satisfies Pick<Resolvers, 'Mutation'>
