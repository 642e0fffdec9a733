import { join } from 'node:path'
import type { TypedDocumentNode } from '@apollo/client'

import { gql } from '@apollo/client'
import { parse, type OperationDefinitionNode } from 'graphql'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readOperations } from '../../../../build/documents.ts'
import { mutate } from '../../../graph/mutate.ts'
import { InboxEventsDocument, InboxPageDocument } from '../../inbox/generated/Inbox.ts'
import { createDemoGraph } from './demo-graph.ts'
import { seedWorld } from './seed.ts'

const src = join(import.meta.dirname, '../../..')
let graph: ReturnType<typeof createDemoGraph>

beforeEach(() => {
  const never = () => {
    throw new Error('The demo has called the network.')
  }
  vi.stubGlobal('fetch', never)
  vi.stubGlobal('XMLHttpRequest', never)
  vi.stubGlobal('WebSocket', never)
  vi.stubGlobal('EventSource', never)
  graph = createDemoGraph(seedWorld(7, () => Date.parse('2026-03-02T12:00:00Z')))
})
afterEach(() => {
  graph.live.close()
  vi.unstubAllGlobals()
})

/** Variables with which an operation of the console can be asked of the demo. */
const someVariables: Record<string, unknown> = {
  id: 'demo-ticket-1001',
  ticketId: 'demo-ticket-1001',
  customerId: 'demo-customer-1',
  number: 1001,
  query: 'refund',
  question: 'who leaves?',
  first: 5,
  from: '2026-02-01T00:00:00Z',
  to: '2026-03-01T00:00:00Z',
  axis: 'ENGAGEMENT',
  kind: 'CHURN',
  metric: 'CHURN_RISK',
  days: 30,
  filter: {},
}

test('every query of the console is answered in this browser, and nothing calls the network', async () => {
  const asked: string[] = []
  for (const { body, type, name } of await readOperations(src)) {
    if (type !== 'query') continue
    const query = parse(body)
    const [definition] = query.definitions as OperationDefinitionNode[]
    const names = (definition?.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
    const variables = Object.fromEntries(
      names.flatMap((one) => (one in someVariables ? [[one, someVariables[one]]] : [])),
    )
    const isMissing = definition?.variableDefinitions?.some(
      ({ variable, type: kind, defaultValue }) =>
        kind.kind === 'NonNullType' && !defaultValue && !(variable.name.value in variables),
    )
    if (isMissing) continue
    const { error } = await graph.apollo.query({ query, variables, fetchPolicy: 'no-cache' })
    expect(`${name}: ${error?.message ?? 'answered'}`).toBe(`${name}: answered`)
    asked.push(name)
  }
  expect(asked.length).toBeGreaterThan(20)
})

test('what the demo has not is refused as data', async () => {
  const { data } = await graph.apollo.mutate({
    mutation: gql`
      mutation {
        deleteTeam(input: { id: "x" }) {
          userErrors {
            code
            message
          }
        }
      }
    `,
  })
  expect(data).toMatchObject({ deleteTeam: { userErrors: [{ code: 'FORBIDDEN' }] } })
})

const inboxNow = async () => {
  const { data } = await graph.apollo.query({
    query: InboxPageDocument,
    variables: { first: 100 },
    fetchPolicy: 'no-cache',
  })
  return data?.inbox.edges.map(({ node }) => node) ?? []
}

const send = gql`
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message {
        id
        content
        delivery {
          status
        }
      }
      missed {
        type
      }
      userErrors {
        code
        message
      }
    }
  }
` as TypedDocumentNode<{ __typename: 'Mutation'; sendMessage: { userErrors: [] } }>

test('the inbox is in order, and the same for the same seed', async () => {
  const rows = await inboxNow()
  expect(rows.length).toBeGreaterThan(20)
  const totals = rows.map(({ smartScore }) => smartScore.total)
  expect(totals).toEqual(totals.toSorted((a, b) => b - a))
  const again = seedWorld(7, () => Date.parse('2026-03-02T12:00:00Z'))
  const other = seedWorld(7, () => Date.parse('2026-03-02T12:00:00Z'))
  expect(again.tickets).toEqual(other.tickets)
})

test('a reply that closes a ticket is said, logged, and leaves the inbox live', async () => {
  const [first] = await inboxNow()
  const heard = vi.fn()
  graph.live.subscribe({ document: InboxEventsDocument, variables: {} }, { next: heard, resync: () => null })
  const input = { ticketId: first?.id, content: 'Hello', idempotencyKey: 'k', thenStatus: 'CLOSED' }
  const outcome = await mutate(graph.apollo, send, { input })
  expect(outcome).toMatchObject({
    isGood: true,
    payload: { message: { content: 'Hello', delivery: { status: 'HELD' } } },
  })
  expect((await inboxNow()).map(({ id }) => id)).not.toContain(first?.id)
  await vi.waitFor(() => expect(heard).toHaveBeenCalled())
  expect(heard.mock.calls.map(([data]) => data.inboxUpdated)).toContainEqual(
    expect.objectContaining({ type: 'LEFT_VIEW', ticketId: first?.id }),
  )
})

test('a reply to an older conversation is refused with what was said meanwhile', async () => {
  const [first] = await inboxNow()
  const input = { ticketId: first?.id, content: 'Hello', idempotencyKey: 'k', expectedRevision: 'older' }
  const outcome = await mutate(graph.apollo, send, { input }, { isQuiet: true })
  expect(outcome).toMatchObject({ isGood: false, errors: [{ code: 'CONVERSATION_ADVANCED' }] })
})

test('moving the clock lets promises break', async () => {
  const breached = async () =>
    (await inboxNow()).filter(({ nextBreachAt }) => Date.parse(nextBreachAt ?? '') < Date.parse('2026-03-02T12:00:00Z'))
      .length
  const before = await breached()
  await graph.apollo.mutate({
    mutation: gql`
      mutation {
        advanceDemoClock(input: { seconds: 86400 }) {
          userErrors {
            code
          }
        }
      }
    `,
  })
  expect(await breached()).toBeGreaterThan(before)
})
