import type { Resolvers } from '../../../generated/resolvers.ts'
import type { Asking } from '../../advice/subject.ts'
import { ingestPayload } from '../../common/intake.ts'
import type { Context } from '../../context.ts'
import { recordOutcome } from './outcomes.ts'
import { nextBestActions, suggestActions } from './service.ts'

const asking = ({ db, viewer, loaders, clock }: Context): Asking => ({ db, viewer, loaders, now: clock.now() })

export const resolvers = {
  Query: {
    suggestActions: (_, { input }, request) => suggestActions(asking(request), input),
  },
  Mutation: {
    recordOutcome: (_, { input }, { viewer, transact, clock }) =>
      ingestPayload(() => transact((tx) => recordOutcome(tx, viewer, input, clock.now()))),
  },
  Ticket: {
    nextBestActions: (ticket, _args, request) => nextBestActions(asking(request), ticket),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'Ticket'>
