import type { Chapter } from '../blocks.ts'
import type { GuideFacts } from './facts.ts'

export const start = ({ origin }: GuideFacts): Chapter => ({
  id: 'start',
  title: 'Getting started',
  blocks: [
    'Quimbi Intelligence knows what a business’s customers are likely to do next: who is about to leave, what each will spend, what to offer, when to write and what to say. It is one GraphQL endpoint; you ask for the fields you need, and only for those.',
    {
      list: [
        '**Get a key.** A manager of the business makes one and hands it over; it begins with `qk_live_` and is shown once. See [Authentication](#authentication).',
        '**Send what customers did**, with [ingestOrders](#op-ingestorders): or pass it in with each question, with [analyzeCustomer](#op-analyzecustomer), and nothing is stored.',
        '**Ask**, with [customerInsight](#op-customerinsight) for one customer or [queryCustomers](#op-querycustomers) for those who matter now.',
        '**Hear of changes**, with [insightChanged](#op-insightchanged) or a [webhook](#webhooks).',
      ],
    },
    { heading: 'Your first request', id: 'first-request' },
    {
      title: 'Shell',
      language: 'sh',
      code: `curl ${origin}/partner/graphql \\
  -H 'content-type: application/json' \\
  -H "x-api-key: $QUIMBI_KEY" \\
  -d '{"query":"{ rateLimit { limit remaining maximumQueryCost } }"}'`,
    },
    {
      title: 'Answer',
      language: 'json',
      code: `{
  "data": {
    "rateLimit": { "limit": 1000, "remaining": 999, "maximumQueryCost": 50000 }
  },
  "extensions": {
    "cost": {
      "requestedQueryCost": 1,
      "actualQueryCost": 1,
      "throttleStatus": { "maximumAvailable": 100000, "currentlyAvailable": 99999, "restoreRate": 1666.67 }
    }
  }
}`,
    },
    { heading: 'The same with our client', id: 'client' },
    'The client for TypeScript has a typed method for each common operation. It keeps within your limits, waits when it is told to, and goes on where a stream was cut.',
    {
      title: 'TypeScript',
      language: 'ts',
      code: `import { createPartnerClient } from '@quimbi/partner-client/client.ts'

const quimbi = createPartnerClient({ url: '${origin}/partner/graphql', apiKey: process.env.QUIMBI_KEY })

for await (const { nodes } of quimbi.queryCustomers({ churnRiskAtLeast: 0.6 })) {
  for (const { id, churnRisk } of nodes) console.log(id, churnRisk?.score)
}`,
    },
    'Everything below is also [one page of Markdown](/partner/docs.md), good for a language model to read, and [the schema](/partner/schema.graphql) is there for generators of code.',
  ],
})

export const authentication = ({ origin }: GuideFacts): Chapter => ({
  id: 'authentication',
  title: 'Authentication',
  blocks: [
    'Every request carries a key in the header `x-api-key`. The key says which business it is for: there is no other parameter for that, and no answer ever holds another business’s data. Keep keys on your servers, never in a page or an app.',
    { title: 'Header', language: 'http', code: 'x-api-key: qk_live_...' },
    { heading: 'Scopes', id: 'scopes' },
    {
      caption: 'What a key may do',
      columns: ['Scope', 'Allows'],
      rows: [
        [
          '`insight:read`',
          'Reading what Intelligence knows, lists, figures, advice, changes, webhooks and the export.',
        ],
        ['`generate`', 'Having texts written and actions suggested.'],
        ['`ingest`', 'Sending orders, interactions and events; merging and erasing customers.'],
      ],
    },
    'Each operation names the scopes that its example needs. A field that a key may not read is `null`, with an error of code `FORBIDDEN`; a mutation says so in its `userErrors`.',
    { heading: 'Expiry, rotation, revocation', id: 'rotation' },
    {
      list: [
        'A key may have an end; from that instant it is refused with `UNAUTHENTICATED`, reason `KEY_INVALID`.',
        'Rotation makes a new key with the same name, scopes and limits. The old one goes on for 24 hours unless another time is asked for, so that you can change it without a gap.',
        'A revoked key ends within a second; so do the streams that were opened with it.',
        'Keys are kept as hashes: a lost one cannot be shown again, only replaced. What each key read is kept for the business to see.',
      ],
    },
    `Where a key is wrong many times from one address, that address has to wait (\`THROTTLED\`). Try your key with [rateLimit](#op-ratelimit) at \`${origin}/partner/graphql\`: it needs no scope.`,
  ],
})
