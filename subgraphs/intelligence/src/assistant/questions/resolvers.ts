import type { Resolvers } from '../../../generated/resolvers.ts'

export const resolvers = {} satisfies Resolvers
