import { buildSchema } from 'graphql'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { codedError } from './errors.ts'
import { createLogger } from './logging.ts'
import { createSubscriber, type EventAnswer, type Payment } from './subscriptions.ts'
import { liveMetrics } from './websocket-metrics.ts'

const schema = buildSchema('type Query { a: Int } type Subscription { tick: Int }')
const facts = { requestId: 'request-1', caller: null }

/** Three ticks, priced as a test wants. */
function open(price: () => Promise<Payment>) {
  const field = schema.getSubscriptionType()?.getFields()['tick']
  if (!field) throw new Error('There is no such field.')
  field.subscribe = async function* () {
    for (const tick of [1, 2, 3]) yield { tick }
  }
  const answers: EventAnswer[] = []
  const ends: ((error: Error) => void)[] = []
  const subscribe = createSubscriber<{ tenantId: string }>({
    schema,
    context: async () => ({ tenantId: 't' }),
    live: {
      viewer: () => ({ kind: 'service', service: 'support', tenantId: 't' }),
      renew: (context) => ({ ...context }),
      watch(_context, end) {
        ends.push(end as (error: Error) => void)
        return () => {}
      },
    },
    log: createLogger({ service: 'test', level: 'silent' }),
    metrics: liveMetrics(new Registry(), 'test'),
    price,
    answered: (_context, answer) => void answers.push(answer),
  })
  return { answers, ends, subscribe: () => subscribe({ query: 'subscription { tick }' }, facts) }
}

it('an event is run when it is paid for, and each is told of', async () => {
  const waits = [0, 1, 1, 0, 0]
  const { subscribe, answers } = open(async () => async () => waits.shift() ?? 0)
  const results = await subscribe()
  if (!(Symbol.asyncIterator in results)) throw new Error('It was refused.')
  const told = []
  for await (const { data } of results) told.push(data?.['tick'])
  expect(told).toEqual([1, 2, 3])
  expect(waits).toEqual([])
  expect(answers.map(({ errors, operation }) => [errors, operation.operation])).toEqual(
    Array(3).fill([undefined, 'subscription']),
  )
})

it('what costs too much does not begin', async () => {
  const { subscribe } = open(async () => {
    throw codedError('THROTTLED', 'Too much.', { reason: 'QUERY_BUDGET' })
  })
  expect(await subscribe()).toMatchObject({ errors: [{ extensions: { code: 'THROTTLED', reason: 'QUERY_BUDGET' } }] })
})

it('whose login ends while it waits for points is told so, and pays no more', async () => {
  let asked = 0
  const { subscribe, ends } = open(async () => async () => {
    asked += 1
    ends[0]?.(codedError('UNAUTHENTICATED', 'This key has ended.', { reason: 'KEY_INVALID' }))
    return 60_000
  })
  const results = await subscribe()
  if (!(Symbol.asyncIterator in results)) throw new Error('It was refused.')
  await expect(results.next()).rejects.toMatchObject({ extensions: { reason: 'KEY_INVALID' } })
  expect(asked).toBe(1)
})
