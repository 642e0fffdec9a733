import { payload } from '@quimbi/service/errors.ts'
import type { Resolvers } from '../../generated/resolvers.ts'
import { explain } from './explain.ts'
import { clocksOfTicket, newestCalendar, policyOfClock } from './read.ts'
import { listCalendars, listPolicies, saveCalendar, savePolicy } from './service.ts'

const dateOf = (instant: string | null): Date | null => (instant === null ? null : new Date(instant))

export const resolvers = {
  Query: {
    slaPolicies: (_, _args, { db, viewer }) => listPolicies(db, viewer),
    businessCalendars: (_, _args, { db, viewer }) => listCalendars(db, viewer),
  },
  Mutation: {
    saveBusinessCalendar: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ calendar: await transact((tx) => saveCalendar(tx, viewer, input, clock.now())) })),
    saveSlaPolicy: (_, { input }, { viewer, transact, clock }) =>
      payload(async () => ({ policy: await transact((tx) => savePolicy(tx, viewer, input, clock.now())) })),
  },
  SlaPolicy: {
    calendar: ({ calendarId }, _args, { loaders, viewer: { tenantId } }) =>
      calendarId === null ? null : newestCalendar(loaders, { tenantId, id: calendarId }),
  },
  SlaClock: {
    policy: (clock, _args, { loaders }) => policyOfClock(loaders, clock),
    startedAt: ({ startedAt }) => new Date(startedAt),
    breachAt: ({ breachAt }) => dateOf(breachAt),
    satisfiedAt: ({ satisfiedAt }) => dateOf(satisfiedAt),
    explanation: async (clock, _args, { loaders }) => explain(clock, await policyOfClock(loaders, clock)),
  },
  SlaInterval: {
    from: ({ from }) => new Date(from),
    to: ({ to }) => dateOf(to),
  },
  Ticket: {
    sla: (ticket, _args, { loaders, clock }) => clocksOfTicket(loaders, ticket, clock.now()),
  },
} satisfies Pick<Resolvers, 'Query' | 'Mutation' | 'SlaPolicy' | 'SlaClock' | 'SlaInterval' | 'Ticket'>
