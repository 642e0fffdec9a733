import type { Resolvers } from '../../../generated/resolvers.ts'
import type { Asking } from '../../advice/subject.ts'
import type { Context } from '../../context.ts'
import { explain, generateCampaign, summarize, summarizePassedIn } from './service.ts'

const asking = ({ db, viewer, loaders, clock }: Context): Asking => ({ db, viewer, loaders, now: clock.now() })

export const resolvers = {
  Query: {
    generateCampaign: (_, { input }, request) => generateCampaign(asking(request), input),
    summarizeCustomer: (_, { input }, request) => summarizePassedIn(asking(request), input),
  },
  Customer: {
    summary: ({ id }, _args, request) => summarize(asking(request), id),
    explainBehavior: ({ id }, { question }, request) => explain(asking(request), id, question),
  },
} satisfies Pick<Resolvers, 'Query' | 'Customer'>
