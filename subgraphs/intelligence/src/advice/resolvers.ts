import type { Resolvers } from '../../generated/resolvers.ts'
import type { Context } from '../context.ts'
import { recommendContent } from './content.ts'
import { offerFor, personalizeOffer, usualMaxPercent } from './offer.ts'
import { scoreCustomers } from './scores.ts'
import type { Asking } from './subject.ts'
import { optimalContact, optimizeTiming } from './timing.ts'

const asking = ({ db, viewer, loaders, clock }: Context): Asking => ({ db, viewer, loaders, now: clock.now() })

export const resolvers = {
  Query: {
    scoreCustomers: (_, { customerIds, context }, request) => scoreCustomers(asking(request), customerIds, context),
    recommendContent: (_, { input, first }, request) => recommendContent(asking(request), input, first),
    personalizeOffer: (_, { input }, request) => personalizeOffer(asking(request), input),
    optimizeTiming: (_, { input }, request) => optimizeTiming(asking(request), input),
  },
  Customer: {
    optimalContact: ({ id }, { messageType }, request) => optimalContact(asking(request), id, messageType),
    personalizedOffer: async ({ id }, { goal }, { loaders }) =>
      offerFor(await loaders.insightByCustomer.load(id), {
        ...{ goal, policy: { maxDiscountPercent: usualMaxPercent } },
      }),
  },
} satisfies Pick<Resolvers, 'Query' | 'Customer'>
