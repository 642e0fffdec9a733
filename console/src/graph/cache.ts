import { InMemoryCache } from '@apollo/client'
import { pagesOf } from './pages.ts'
import { mergeByKey } from './merge-by-key.ts'

/** What types the abstract ones stand for, and how lists that are read page by page grow. */
export const createCache = () =>
  new InMemoryCache({
    possibleTypes: {
      Actor: ['Agent', 'Customer', 'SystemActor'],
    },
    typePolicies: {
      Query: {
        fields: {
          topicAlerts: { merge: false },
          // A ticket that is known already is not fetched to learn its id.
          ticket: {
            read: (known, { args, toReference }) =>
              known === undefined && args?.['id'] ? toReference({ __typename: 'Ticket', id: args['id'] }) : known,
          },
        },
      },
      Viewer: { keyFields: [] },
      Tenant: { fields: { settings: { merge: true } } },
      Agent: { fields: { workload: { merge: true } } },
      SmartScore: { keyFields: false, fields: { components: { merge: mergeByKey('name') }, formula: { merge: true } } },
      SlaClock: { keyFields: false },
      Presence: { keyFields: false },
      Ticket: {
        fields: {
          tags: { merge: mergeByKey('name') },
          sla: { merge: mergeByKey('metric') },
          smartScore: { merge: true },
          escalation: { merge: true },
          satisfaction: { merge: true },
          triage: { merge: true },
          decisions: { merge: false },
          assignments: { merge: false },
          actionItems: { merge: false },
          similarTickets: { merge: false },
          nextBestActions: { merge: false },
          events: { merge: false },
          // A thread is read page by page and grows by events: what is known of it is one list.
          messages: pagesOf('nodes'),
          notes: pagesOf('nodes'),
        },
      },
      // Ids that are no identity of their own: a customer's id at another system, what a sentence rests on.
      ExternalRef: { keyFields: false },
      Citation: { keyFields: false },
      // Parts of a customer that lists and pages read more or less of.
      ChurnRisk: { merge: true },
      LtvForecast: { merge: true },
      CustomerDna: { merge: true },
      BehaviorMetrics: { merge: true },
      EngagementScore: { merge: true },
      Trajectory: { merge: true },
      NextPurchase: { merge: true },
      InsightSnapshot: { merge: true },
      SupportMetrics: { merge: true },
    },
  })
