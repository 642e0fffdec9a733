import { InMemoryCache } from '@apollo/client'

/** What types the abstract ones stand for, and how lists that are read page by page grow. */
export const createCache = () =>
  new InMemoryCache({
    possibleTypes: {
      Actor: ['Agent', 'Customer', 'SystemActor'],
    },
    typePolicies: {
      Viewer: { keyFields: [] },
      Tenant: { fields: { settings: { merge: true } } },
      Agent: { fields: { workload: { merge: true } } },
      SmartScore: { keyFields: false },
      SlaClock: { keyFields: false },
      Presence: { keyFields: false },
    },
  })
