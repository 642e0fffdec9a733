import type { Resolvers } from '../../generated/resolvers.ts'

export const resolvers = {
  DeletePayload: { asOf: ({ eventId }, _args, { positionOf }) => positionOf(eventId) },
} satisfies Pick<Resolvers, 'DeletePayload'>
