import { mostBodyMiB } from '../../limits.ts'
import type { Chapter } from '../blocks.ts'
import type { GuideFacts } from './facts.ts'

export const bulk = ({ origin }: GuideFacts): Chapter => ({
  id: 'bulk',
  title: 'Many customers at once',
  blocks: [
    { heading: 'A thousand a call', id: 'batches' },
    {
      list: [
        '[analyzeCustomers](#op-analyzecustomers) takes up to 1,000 customers and answers each on its own: one that is wrong has its own `userErrors`, the others their insight.',
        '[ingestOrders](#op-ingestorders), [ingestInteractions](#op-ingestinteractions) and [ingestEvents](#op-ingestevents) take up to 1,000 items. They are idempotent by source and external id: after a lost answer send the same call again.',
        `One request holds at most ${mostBodyMiB} MiB.`,
      ],
    },
    { heading: 'Export of all insight', id: 'export' },
    'All customers with their insight as JSON lines, streamed: each line one customer with a `cursor`, the last line `{"end":true,…}`. A stream without that line was cut: ask again with `after` and the last cursor, and you get the rest, each exactly once. Each page of it is as of the instant it is read. It costs one point a customer, taken as it goes.',
    {
      title: 'Shell',
      language: 'sh',
      code: `curl -N --compressed "${origin}/partner/export/insight" \\
  -H "x-api-key: $QUIMBI_KEY" > insight.jsonl

# after a cut
curl -N --compressed "${origin}/partner/export/insight?after=$LAST_CURSOR" \\
  -H "x-api-key: $QUIMBI_KEY" >> insight.jsonl`,
    },
    {
      caption: 'Parameters of the export',
      columns: ['Parameter', 'Meaning'],
      rows: [
        ['`after`', 'The cursor of the last line that you have.'],
        ['`updatedSince`', 'An instant, RFC 3339: only customers whose insight was computed since.'],
        ['`limit`', 'Stop after so many customers.'],
      ],
    },
  ],
})
