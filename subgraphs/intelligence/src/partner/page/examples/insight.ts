import { passedIn, sampleIds, type Example } from './example.ts'

const reading = { group: 'insight', scopes: ['insight:read'] } as const
const customerId = sampleIds.customer

export const insightExamples = {
  customerInsight: {
    ...reading,
    document: `query CustomerInsight($customerId: ID!) {
  customerInsight(customerId: $customerId) {
    lifecycle
    churnRisk { score level horizonDays factors { feature explanation } recommendations }
    ltvForecast(months: 12) { amount { amount currencyCode } interval { low { amount } high { amount } } }
    dna { archetype { name traits } confidence }
    nextPurchase { expectedAt probability30Days }
    communicationGuidance
  }
}`,
    variables: { customerId },
  },
  customerInsights: {
    ...reading,
    document: `query CustomerInsights($customerIds: [ID!]!) {
  customerInsights(customerIds: $customerIds) {
    id
    churnRisk { score level }
    engagement { score trend }
  }
}`,
    variables: { customerIds: [customerId, sampleIds.otherCustomer] },
  },
  customerInsightByExternalRef: {
    ...reading,
    document: `query ByYourOwnId($source: String!, $id: String!) {
  customerInsightByExternalRef(source: $source, id: $id) {
    id
    dnaStatus
    behavior { totalOrders lifetimeValue { amount currencyCode } daysSinceLastPurchase }
  }
}`,
    variables: { source: 'shop', id: 'C-1' },
  },
  analyzeCustomer: {
    ...reading,
    document: `query AnalyzeCustomer($input: AnalyzeCustomerInput!) {
  analyzeCustomer(input: $input) {
    status
    lifecycle
    churnRisk { score level interval { low high } }
    ltvForecast { amount { amount currencyCode } months }
    userErrors { code message path }
  }
}`,
    variables: { input: passedIn },
  },
  analyzeCustomers: {
    ...reading,
    document: `query AnalyzeCustomers($input: [AnalyzeCustomerInput!]!) {
  analyzeCustomers(input: $input) {
    customerId
    status
    churnRisk { score }
    userErrors { code message path }
  }
}`,
    variables: {
      input: [passedIn, { ...passedIn, customerId: 'your-customer-712', orders: passedIn.orders.slice(1) }],
    },
  },
} satisfies Record<string, Example>
