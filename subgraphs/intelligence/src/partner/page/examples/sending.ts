import { passedIn, sampleIds, type Example } from './example.ts'

const sending = { group: 'sending', scopes: ['ingest'] } as const
const customer = { externalId: 'C-1' }
const taken = '{ accepted updated duplicates userErrors { code message path } }'

export const sendingExamples = {
  ingestOrders: {
    ...sending,
    document: `mutation SendOrders($input: IngestOrdersInput!) {
  ingestOrders(input: $input) ${taken}
}`,
    variables: { input: { source: 'shop', orders: passedIn.orders.map((order) => ({ customer, order })) } },
  },
  ingestInteractions: {
    ...sending,
    document: `mutation SendInteractions($input: IngestInteractionsInput!) {
  ingestInteractions(input: $input) ${taken}
}`,
    variables: {
      input: {
        source: 'mailer',
        errorPolicy: 'SKIP_FAILED',
        interactions: [
          {
            customer: { externalId: 'C-1' },
            interaction: {
              externalId: 'open-5521',
              channel: 'EMAIL',
              kind: 'EMAIL_OPEN',
              at: '2026-10-22T07:30:00.000Z',
            },
          },
        ],
      },
    },
  },
  ingestEvents: {
    ...sending,
    document: `mutation SendEvents($input: IngestEventsInput!) {
  ingestEvents(input: $input) ${taken}
}`,
    variables: {
      input: {
        source: 'shop',
        events: [
          {
            customer,
            event: {
              externalId: 'visit-88',
              at: '2026-10-22T07:31:10.000Z',
              name: 'visit',
              properties: { page: '/mugs' },
            },
          },
        ],
      },
    },
  },
  syncCustomer: {
    ...sending,
    document: `mutation SyncCustomer($input: SyncCustomerInput!) {
  syncCustomer(input: $input) {
    customer { id }
    userErrors { code message path }
  }
}`,
    variables: {
      input: { source: 'crm', externalId: '4711', countryCode: 'SE', attributes: { plan: 'gold', newsletter: true } },
    },
  },
  mergeIdentities: {
    ...sending,
    document: `mutation Merge($input: MergeIdentitiesInput!) {
  mergeIdentities(input: $input) {
    customer { id }
    userErrors { code message path }
  }
}`,
    variables: { input: { fromId: sampleIds.otherCustomer, intoId: sampleIds.customer } },
  },
  eraseCustomerInsight: {
    ...sending,
    document: `mutation Erase($input: EraseCustomerInsightInput!) {
  eraseCustomerInsight(input: $input) ${taken}
}`,
    variables: { input: { customer: { id: sampleIds.customer } } },
  },
} satisfies Record<string, Example>
