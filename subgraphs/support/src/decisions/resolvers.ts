import { payload } from '@quimbi/service/errors.ts'
import type { DecisionField, Resolvers } from '../../generated/resolvers.ts'
import type { ActorRef } from '../log/actors.ts'
import { undoDecision } from './undo.ts'

export const resolvers = {
  Mutation: {
    undoDecision: (_, { input }, { viewer, transact, clock }) =>
      payload(() => transact((tx) => undoDecision(tx, viewer, input.decisionId, clock.now()))),
  },
  Ticket: {
    decisions: ({ id }, _args, { loaders }) => loaders.decisionsByTicket.load(id),
  },
  Decision: {
    field: ({ field }) => field as DecisionField,
    // Only what is automatic decides, so no other actor comes here.
    madeBy: ({ madeBy }) => {
      const actor = madeBy as ActorRef
      return actor.kind === 'system'
        ? { kind: actor.system, name: actor.name }
        : { kind: 'INTEGRATION' as const, name: 'unknown' }
    },
  },
} satisfies Pick<Resolvers, 'Mutation' | 'Ticket' | 'Decision'>
