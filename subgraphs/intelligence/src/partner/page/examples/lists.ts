import { sampleIds, type Example } from './example.ts'

const reading = { group: 'lists', scopes: ['insight:read'] } as const

export const listExamples = {
  queryCustomers: {
    ...reading,
    document: `query AtRisk($filter: CustomerQuery!, $after: String) {
  queryCustomers(filter: $filter, first: 20, after: $after) {
    totalCount
    nodes { id churnRisk { score } ltvForecast { amount { amount currencyCode } } }
    pageInfo { hasNextPage endCursor }
  }
}`,
    variables: { filter: { churnRiskAtLeast: 0.2, orderBy: 'REVENUE_AT_RISK' }, after: null },
  },
  askCustomers: {
    ...reading,
    document: `query Ask($question: String!) {
  askCustomers(question: $question, first: 10) {
    understoodAs
    explanation
    customers { totalCount nodes { id churnRisk { level } } }
  }
}`,
    variables: { question: 'high-value customers likely to churn who bought in the last 90 days' },
  },
  archetypes: {
    ...reading,
    document: `query Archetypes {
  archetypes(level: EMERGING, first: 5) {
    id
    name
    description
    memberCount
    share
    averageLtv { amount currencyCode }
    recommendedActions
  }
}`,
  },
  archetype: {
    ...reading,
    document: `query Archetype($id: ID!) {
  archetype(id: $id) {
    name
    traits
    memberCount
    dominantSegments { axis name }
  }
}`,
    variables: { id: sampleIds.archetype },
  },
  segments: {
    ...reading,
    document: `query Segments {
  segments(axis: PURCHASE_VALUE) { id name description memberCount share }
}`,
  },
  segmentDistribution: {
    ...reading,
    document: `query Distribution {
  segmentDistribution(axis: PRICE_SENSITIVITY) {
    segment { name }
    count
    share
  }
}`,
  },
  churnTrend: {
    ...reading,
    document: `query ChurnTrend {
  churnTrend(days: 30) { at averageRisk highRiskCount revenueAtRisk { amount currencyCode } }
}`,
  },
  cohorts: {
    ...reading,
    document: `query Retention {
  cohorts(by: MONTH, metric: RETENTION) { startsAt size values }
}`,
  },
} satisfies Record<string, Example>
