import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chapter } from '../blocks.ts'
import type { GuideFacts } from './facts.ts'

export const subscriptions = ({ origin }: GuideFacts): Chapter => ({
  id: 'subscriptions',
  title: 'Subscriptions',
  blocks: [
    'A subscription tells of each change as it happens: [insightChanged](#op-insightchanged) of every customer whose insight moved. It comes over a WebSocket or as server-sent events; both need the key, count its points for each event, and end within a second of the key’s end.',
    { heading: 'WebSocket', id: 'websocket' },
    'At the same path as queries, by the protocol `graphql-transport-ws`, which every larger GraphQL client speaks. The key goes into `connection_init`.',
    {
      title: 'TypeScript, with graphql-ws',
      language: 'ts',
      code: `import { createClient } from 'graphql-ws'

const client = createClient({
  url: '${origin.replace(/^http/, 'ws')}/partner/graphql',
  connectionParams: { 'x-api-key': process.env.QUIMBI_KEY },
})
const query = 'subscription ($after: Cursor) { insightChanged(after: $after) { cursor metric to customer { id } } }'

for await (const { data } of client.iterate({ query, variables: { after: await lastCursor() } })) {
  await handle(data.insightChanged)
  await remember(data.insightChanged.cursor)
}`,
    },
    { heading: 'Server-sent events', id: 'sse' },
    'One stream a subscription; events are named `next` and `complete`, and a comment keeps the line open.',
    {
      title: 'Shell',
      language: 'sh',
      code: `curl -N ${origin}/partner/graphql/stream \\
  -H 'accept: text/event-stream' \\
  -H 'content-type: application/json' \\
  -H "x-api-key: $QUIMBI_KEY" \\
  -d '{"query":"subscription { insightChanged { cursor metric to customer { id } } }"}'`,
    },
    { heading: 'Going on after a cut', id: 'resume' },
    {
      list: [
        'Each change carries a `cursor`. Keep the last one that you have dealt with; subscribe with `after` and you are told all that you missed, in order, then what comes: each exactly once.',
        'A cursor that is older than the log, or that a client too slow to follow has lost, is answered with `RESYNC_REQUIRED`: read the present state with [queryCustomers](#op-querycustomers) or the [export](#export), then subscribe without `after`.',
        'Close codes: 1001, 1013 and 4440 (too many sockets) mean to come again a little later; 4401 means that the key has ended.',
      ],
    },
  ],
})

export const webhooks = (): Chapter => ({
  id: 'webhooks',
  title: 'Webhooks',
  blocks: [
    'The same changes, posted to an `https` address of yours: save it with [saveInsightWebhook](#op-saveinsightwebhook), which answers with its secret once. A webhook ends with the key that made it.',
    {
      title: 'What is posted',
      language: 'json',
      code: JSON.stringify(
        {
          type: 'insight.changed',
          timestamp: '2026-11-22T09:30:00.000Z',
          data: {
            cursor: '…',
            customerId: '0198f0c2-7d1e-7c52-9a51-3f6de2a80c11',
            externalRefs: [{ source: 'shop', id: 'C-1' }],
            metric: 'CHURN_RISK',
            from: 0.42,
            to: 0.63,
            at: '2026-11-22T09:29:58.412Z',
          },
        },
        null,
        2,
      ),
    },
    'It is signed by the Standard Webhooks specification; any library of that name verifies it, and so does this:',
    {
      title: 'TypeScript',
      language: 'ts',
      code: readFileSync(join(import.meta.dirname, 'webhook-sample.ts'), 'utf8').trim(),
    },
    {
      list: [
        'Answer with any 2xx within 15 seconds, then do the work. Redirects are not followed.',
        'Delivery is at least once: leave alone what you have seen by `webhook-id`.',
        'Changes come in order; while one fails, those after it wait. It is tried again for a day.',
        'An answer of 410, or five days of failures, switch the webhook off. Saving it as active starts it afresh.',
        'With `rotateSecret` there is a new secret; for a day both sign, so verify against either.',
      ],
    },
  ],
})
