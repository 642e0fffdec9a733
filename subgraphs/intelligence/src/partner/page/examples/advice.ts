import { sampleIds, type Example } from './example.ts'

const advising = { group: 'advice', scopes: ['insight:read'] } as const
const customerId = sampleIds.customer

export const adviceExamples = {
  scoreCustomers: {
    ...advising,
    document: `query Score($customerIds: [ID!]!) {
  scoreCustomers(customerIds: $customerIds, context: RETENTION) {
    customerId
    score
    factors { feature explanation }
  }
}`,
    variables: { customerIds: [customerId, sampleIds.otherCustomer] },
  },
  recommendContent: {
    ...advising,
    document: `query Recommend($input: RecommendContentInput!) {
  recommendContent(input: $input, first: 3) { sku title probability explanation }
}`,
    variables: { input: { customerId, objective: 'UPSELL' } },
  },
  personalizeOffer: {
    ...advising,
    document: `query Offer($input: PersonalizeOfferInput!) {
  personalizeOffer(input: $input) {
    kind
    percent
    amount { amount currencyCode }
    expectedCost { amount }
    expectedValue { amount }
    explanation
  }
}`,
    variables: { input: { customerId, goal: 'RETAIN', maxDiscountPercent: 15 } },
  },
  optimizeTiming: {
    ...advising,
    document: `query Timing($input: OptimizeTimingInput!) {
  optimizeTiming(input: $input) { at channel explanation }
}`,
    variables: { input: { customerId, messageType: 'PROMOTION', timeZone: 'Europe/Stockholm' } },
  },
  suggestActions: {
    ...advising,
    scopes: ['generate', 'insight:read'],
    document: `query WhatNext($input: SuggestActionsInput!) {
  suggestActions(input: $input) {
    actions { priority action reasoning retentionProbability cost { amount currencyCode } }
    warnings
    talkingPoints
  }
}`,
    variables: { input: { customerId, scenario: 'SALES_OPPORTUNITY', goal: 'UPSELL' } },
  },
} satisfies Record<string, Example>
