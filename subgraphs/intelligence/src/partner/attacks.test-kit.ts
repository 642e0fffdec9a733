import { randomUUID } from 'node:crypto'
import { createSigner } from '@quimbi/service/signing.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { parseServiceKeys } from '@quimbi/service/service-keys.ts'

/** What an attacker has: a key of their own, the ids of somebody else, and a signature they overheard. */
export type Target = {
  key: string
  theirCustomerId: string
  serviceKeys: ReturnType<typeof parseServiceKeys>
  clock: Clock
}

/** One request; a list is sent in order, and the last is the one that must be refused. */
export type Attack = { name: string; requests: AttackRequest[]; isRefused: (answer: AttackAnswer) => boolean }
export type AttackRequest = { path?: string; headers?: Record<string, string>; body: string }
/** `status`: 0 where the connection was cut. */
export type AttackAnswer = { status: number; text: string }

const path = '/partner/graphql'
const query = (text: string, variables?: object): string => JSON.stringify({ query: text, variables })

/** No data, and an error that says it is the asker's. */
const isRefused = ({ status, text }: AttackAnswer): boolean =>
  status !== 500 && !text.includes('INTERNAL_SERVER_ERROR') && text.includes('"errors"') && !/"data":\s*\{/.test(text)
const isUnauthenticated = ({ status, text }: AttackAnswer): boolean =>
  status === 401 && text.includes('UNAUTHENTICATED')
const tellsNothing = ({ status, text }: AttackAnswer): boolean =>
  status === 200 && !text.includes('"errors"') && /"customerInsight":null/.test(text)

/** The attack list of the partner door. */
export function attacks({ key, theirCustomerId: id, serviceKeys, clock }: Target): Attack[] {
  const withKey = { 'x-api-key': key }
  const asked = (name: string, text: string, variables?: object, refused = isRefused): Attack => ({
    name,
    requests: [{ headers: withKey, body: query(text, variables) }],
    isRefused: refused,
  })
  const times = (count: number, one: (n: number) => string) => Array.from({ length: count }, (_, n) => one(n)).join(' ')
  const signed = (body: string) =>
    createSigner(serviceKeys, 'gateway', clock).sign({ method: 'POST', path, body, headers: {} })
  const limitBody = query('{ rateLimit { limit } }')
  const overheard = { ...signed(limitBody), ...withKey }
  const order = (n: number) => ({
    customer: { externalId: 'C' },
    order: { externalId: `X${n}`, placedAt: '2026-01-01T00:00:00Z', total: '1.00', currencyCode: 'USD' },
  })
  const ingest =
    'mutation ($input: IngestOrdersInput!) { ingestOrders(input: $input) { accepted userErrors { code } } }'
  const insight = 'query ($id: ID!) { customerInsight(customerId: $id) { id behavior { totalOrders } } }'
  return [
    asked(
      'forged representation of a customer',
      '{ _entities(representations: [{ __typename: "Customer", id: "x" }]) { __typename } }',
    ),
    asked(
      'forged representation of a ticket',
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Ticket { draft { content } } } }',
      { r: [{ __typename: 'Ticket', id }] },
    ),
    asked('the SDL by _service', '{ a: _service { sdl } }'),
    asked('the SDL by a fragment', 'fragment F on Query { ... on Query { _service { sdl } } } { ...F }'),
    asked('an internal field', '{ apiKeys { id prefix } }'),
    asked('an internal mutation', 'mutation { trainModels(input: { kinds: [CHURN] }) { jobId } }'),
    asked(
      'introspection of internal fields',
      '{ __type(name: "ApiKey") { fields { name } } ticket: __type(name: "Ticket") { name } }',
      {},
      ({ text }) => /"__type":null/.test(text) && /"ticket":null/.test(text),
    ),
    asked(
      'suggestions of internal names',
      '{ _entitie }',
      {},
      (answer) => isRefused(answer) && !answer.text.includes('Did you mean'),
    ),
    asked('alias bomb', `{ ${times(101, (n) => `a${n}: rateLimit { limit }`)} }`),
    asked(
      'fragment bomb',
      `query ($id: ID!) { customerInsight(customerId: $id) { ...F0 } } ${times(60, (n) => `fragment F${n} on Customer { a${n}: id ...F${n + 1} ... on Customer { ...F${n + 1} } }`)} fragment F60 on Customer { id }`,
      { id },
    ),
    asked('fragments in a circle', 'fragment A on Query { ...B } fragment B on Query { ...A } { ...A }'),
    asked('directive bomb', `{ rateLimit { limit ${'@include(if: true) '.repeat(101)} } }`),
    asked('token bomb', `{ ${'rateLimit { limit } '.repeat(2_000)} }`),
    asked('deep nesting', `{ __schema { types { ${'fields { type { '.repeat(20)} name ${'} }'.repeat(20)} } } }`),
    asked(
      'lists in lists',
      '{ queryCustomers(filter: {}, first: 100) { nodes { history(metric: CHURN_RISK, days: 3650) { at } orders(first: 100) { nodes { items { title } } } } } }',
    ),
    asked(
      'texts for everybody',
      `{ queryCustomers(filter: {}, first: 100) { nodes { ${times(90, (n) => `a${n}: explainBehavior(question: "why?") { text: content }`)} } } }`,
    ),
    asked('a page of a million', '{ queryCustomers(filter: {}, first: 1000000) { nodes { id } } }'),
    asked('a page of less than nothing', '{ queryCustomers(filter: {}, first: -1) { nodes { id } } }'),
    {
      name: 'a batch',
      requests: [{ headers: withKey, body: `[${times(50, () => limitBody).replaceAll('} {', '},{')}]` }],
      isRefused,
    },
    {
      name: 'a signature without a key',
      requests: [{ headers: signed(limitBody), body: limitBody }],
      isRefused: isUnauthenticated,
    },
    {
      name: 'a replayed signature',
      requests: [
        { headers: overheard, body: limitBody },
        { headers: overheard, body: limitBody },
      ],
      isRefused: isUnauthenticated,
    },
    {
      name: 'a signature over another body',
      requests: [{ headers: { ...signed(limitBody), ...withKey }, body: `${limitBody} ` }],
      isRefused: isUnauthenticated,
    },
    asked('a customer of another tenant', insight, { id }, tellsNothing),
    {
      name: 'another tenant claimed by a header',
      requests: [{ headers: { ...withKey, 'x-quimbi-tenant': randomUUID() }, body: query(insight, { id }) }],
      isRefused: tellsNothing,
    },
    {
      name: 'a guessed key',
      requests: [{ headers: { 'x-api-key': `qk_live_${randomUUID()}` }, body: limitBody }],
      isRefused: ({ status }) => status === 401 || status === 429,
    },
    { name: 'no key', requests: [{ body: limitBody }], isRefused: isUnauthenticated },
    {
      name: 'a key at the subgraph’s own door',
      requests: [{ path: '/graphql', headers: withKey, body: query('{ __typename }') }],
      isRefused: isUnauthenticated,
    },
    {
      name: 'the subgraph’s door without anything',
      requests: [{ path: '/graphql', body: query(insight, { id }) }],
      isRefused: ({ text }) =>
        text.includes('UNAUTHENTICATED') && tellsNothing({ status: 200, text: text.replace('"errors"', '') }),
    },
    asked(
      '1,001 orders at once',
      ingest,
      { input: { source: 'flood', orders: Array.from({ length: 1_001 }, (_, n) => order(n)) } },
      ({ text }) => text.includes('LIMIT_EXCEEDED') && /"accepted":0/.test(text),
    ),
    {
      name: 'a body of nine megabytes',
      requests: [{ headers: withKey, body: `{"query":"${'x'.repeat(9 * 1024 * 1024)}"}` }],
      // Told so, or cut while it was sending.
      isRefused: ({ status }) => status === 413 || status === 0,
    },
    {
      name: 'a body that is no JSON',
      requests: [{ headers: withKey, body: '{"query":' }],
      isRefused: ({ status }) => status === 400,
    },
    {
      name: 'a subscription by POST',
      requests: [{ headers: withKey, body: query('subscription { insightChanged { cursor } }') }],
      isRefused,
    },
  ]
}
