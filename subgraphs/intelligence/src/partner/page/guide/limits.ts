import type { Chapter } from '../blocks.ts'
import { priceOf } from '../operations.ts'
import { figure, usualRequestsPerMinute, type GuideFacts } from './facts.ts'

const workedQuery = (first: number) => `{
  queryCustomers(filter: {}, first: ${first}) {
    nodes {
      id
      churnRisk { score level }
      ltvForecast { amount { amount currencyCode } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

/** Two requests and what they cost, as the door itself reckons it. */
function workedExample({ schema }: GuideFacts) {
  const cost = (first: number) => priceOf(schema, { document: workedQuery(first) })
  const each = cost(11) - cost(10)
  return { total: cost(10), each, base: cost(10) - 10 * each }
}

export const limits = (facts: GuideFacts): Chapter => {
  const { maxCost, pointsPerRequest } = facts.limits
  const worked = workedExample(facts)
  const perMinute = usualRequestsPerMinute * pointsPerRequest
  return {
    id: 'limits',
    title: 'Limits and cost',
    blocks: [
      `A key has two budgets that refill all the time: **requests a minute** (${figure(usualRequestsPerMinute)} unless agreed otherwise) and **cost points a minute** (${figure(pointsPerRequest)} for each of those requests, so ${figure(perMinute)}). One document may cost at most ${figure(maxCost)} points.`,
      { heading: 'What a request costs', id: 'cost' },
      {
        list: [
          'Each object in the answer costs 1 point, each plain value nothing. A field’s own weight comes on top where its schema says `@cost`.',
          'A list costs as many times its items as it may hold: what you ask for with `first`, else the size that its schema says with `@listSize`, else the length of the list that you pass in.',
          'Each field of a mutation costs 10 more. A field that has a text written costs 50.',
          'The estimate is taken before anything runs, so that a query beyond the budget never reaches the data. What the answer did not use is given back: the actual cost is never above the estimate.',
        ],
      },
      {
        title: `Worked example: ${worked.base} + 10 × ${worked.each} = ${worked.total} points`,
        language: 'graphql',
        code: workedQuery(10),
      },
      `Here the page and its \`pageInfo\` cost ${worked.base} points, and each of ten customers ${worked.each}: the customer, the churn risk, the forecast and its amount. If only three customers fit, the answer costs ${worked.base + 3 * worked.each} and the rest is given back.`,
      { heading: 'What every answer tells', id: 'headers' },
      {
        title: 'Headers',
        language: 'http',
        code: `x-ratelimit-limit: 1000
x-ratelimit-remaining: 998
x-ratelimit-reset: 1795305600`,
      },
      {
        title: 'extensions.cost',
        language: 'json',
        code: JSON.stringify(
          {
            requestedQueryCost: worked.total,
            actualQueryCost: worked.base + 3 * worked.each,
            throttleStatus: {
              maximumAvailable: Math.max(perMinute, maxCost),
              currentlyAvailable: Math.max(perMinute, maxCost) - (worked.base + 3 * worked.each),
              restoreRate: Math.round((perMinute / 60) * 100) / 100,
            },
          },
          null,
          2,
        ),
      },
      '`x-ratelimit-reset` is the second since 1970 at which all requests are there again, `restoreRate` the points that come back a second. Ask [rateLimit](#op-ratelimit) for the same at any time.',
      { heading: 'When it was too much', id: 'throttled' },
      'The answer is HTTP 429 with `retry-after` in whole seconds, and an error of code `THROTTLED` with `retryAfterMs`. Nothing of the request was done: send it again after that time, a little later each if you run many workers. Reason `RATE_LIMIT` means requests, `QUERY_BUDGET` points. A document that could never fit is refused with reason `COST_LIMIT`: ask for fewer items.',
    ],
  }
}
