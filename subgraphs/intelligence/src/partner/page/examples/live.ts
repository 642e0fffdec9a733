import { sampleIds, type Example } from './example.ts'

const live = { group: 'live', scopes: ['insight:read'] } as const

export const liveExamples = {
  insightPosition: {
    ...live,
    document: `query Position {
  insightPosition
}`,
  },
  insightChanged: {
    ...live,
    document: `subscription Changes($after: Cursor) {
  insightChanged(minChange: 0.05, after: $after) {
    cursor
    customer { id churnRisk { score level } }
    metric
    from
    to
    at
  }
}`,
    variables: { after: null },
  },
  saveInsightWebhook: {
    ...live,
    document: `mutation SaveWebhook($input: SaveInsightWebhookInput!) {
  saveInsightWebhook(input: $input) {
    webhook { id url isActive }
    secret
    userErrors { code message path }
  }
}`,
    variables: {
      input: { url: 'https://hooks.example.com/insight', metrics: ['CHURN_RISK', 'LTV_12M'], minChange: 0.1 },
    },
  },
  insightWebhooks: {
    ...live,
    document: `query Webhooks {
  insightWebhooks { id url metrics minChange isActive failingSince }
}`,
  },
  deleteInsightWebhook: {
    ...live,
    document: `mutation DeleteWebhook($input: DeleteInsightWebhookInput!) {
  deleteInsightWebhook(input: $input) {
    webhook { id }
    userErrors { code message path }
  }
}`,
    variables: { input: { id: sampleIds.webhook } },
  },
} satisfies Record<string, Example>

export const accountExamples = {
  rateLimit: {
    group: 'account',
    scopes: [],
    document: `query Limits {
  rateLimit { limit remaining resetAt maximumQueryCost }
}`,
  },
} satisfies Record<string, Example>
