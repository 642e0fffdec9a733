import { createHash } from 'node:crypto'
import { executeQueryPlan } from '@apollo/gateway'
import { Supergraph } from '@apollo/federation-internals'
import { isEntity } from '@quimbi/gateway/engine/entities.ts'
import { execute } from '@quimbi/gateway/engine/engine.ts'
import { createGraph } from '@quimbi/gateway/engine/prepare.ts'
import type { Run } from '@quimbi/gateway/engine/run.ts'
import type { RequestContext, Result } from '@quimbi/gateway/engine/stock.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { GraphQLError, parse, validate, type DocumentNode } from 'graphql'
import { describe, expect, it } from 'vitest'
import { damaged } from './engine-damage.ts'
import { composeFixture, fixtureSubgraphs, services } from './engine-fixture.ts'
import { withoutInterfaces } from './engine-kit.ts'
import { randomQuery, type GeneratedQuery } from './engine-queries.ts'

const queries = 5_000
/** How each document is asked: whole subgraphs first, then worse and worse ones. */
const harms = [0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.15, 0.2, 0.5]

const sdl = composeFixture()
const graph = createGraph(sdl)
const supergraph = Supergraph.build(sdl)
const supergraphSchema = supergraph.schema.toGraphQLJSSchema()
const apiSchema = supergraph.apiSchema()
const answer = fixtureSubgraphs()
const silent = { debug() {}, info() {}, warn() {}, error() {} }

type Ask = ReturnType<typeof damaged>

function requestOf({ query, variables }: GeneratedQuery, document: DocumentNode): RequestContext {
  const queryHash = createHash('sha256').update(query).digest('hex')
  const request = { query, variables }
  return { request, document, queryHash, metrics: {}, context: {}, logger: silent } as unknown as RequestContext
}

const byEngine = (request: RequestContext, ask: Ask) =>
  execute(graph, request, ({ serviceName }, operation) => ask(serviceName, operation))

/** Apollo's executor on the very same plan; what it throws, Apollo Server would answer without data. */
async function byStock(request: RequestContext, ask: Ask): Promise<Result> {
  const { plan, operation } = graph.prepare({ ...request, operationName: undefined })
  const sources = services.map((name) => [
    name,
    { process: async ({ request }: { request: never }) => withoutInterfaces(await ask(name, request)) },
  ])
  try {
    return await executeQueryPlan(plan, Object.fromEntries(sources), request, operation, supergraphSchema, apiSchema)
  } catch (error) {
    return { errors: [error as GraphQLError], extensions: { thrown: true } }
  }
}

/** What is wrong, without where: the two need not agree on that. */
const complaints = ({ errors = [] }: Result) =>
  [...new Set(errors.map(({ message }) => (isMalformed(message) ? 'malformed' : message)))].sort()

// Apollo's executor takes what it was not given for a bug of its own.
const isMalformed = (message: string) =>
  /^Expected "data|^The service answered with|^Cannot use 'in' operator|^Cannot create property/.test(message)

/** Whether a path leads somewhere in the data, if only to a null on the way. */
function leadsSomewhere(data: unknown, path: readonly (string | number)[]): boolean {
  let at = data
  for (const step of path) {
    if (at === null || at === undefined) return true
    if (typeof at !== 'object') return false
    at = (at as Record<string | number, unknown>)[step]
  }
  return true
}

/** Apollo's executor gathers fragments on one type where the first stands, so its fields may come in another order than the specification's. */
const inOrder = (data: unknown) =>
  JSON.stringify(data, (_key, value: unknown) =>
    isEntity(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  )

describe('the engine beside Apollo’s own executor', () => {
  it(`answers ${queries} random queries alike, however the subgraphs misbehave`, { timeout: 300_000 }, async () => {
    const seen = { queries: 0, withErrors: 0, incomplete: 0, nulls: 0, refused: 0, thrown: 0, stockPlans: 0, placed: 0 }
    for (let seed = 1; seen.queries < queries; seed += 1) {
      const generated = randomQuery(graph.schema, createRandom(seed))
      const document = parse(generated.query)
      if (validate(graph.schema, document).length > 0) continue
      for (const [round, harm] of harms.entries()) {
        const ask = harm > 0 ? damaged(answer, seed * harms.length + round, harm) : answer
        const request = requestOf(generated, document)
        const [ours, stock] = [await byEngine(request, ask), await byStock(request, ask)]
        const about = `seed ${seed}, harm ${harm}: ${generated.query} ${JSON.stringify(generated.variables)}`
        seen.queries += 1
        if (stock.errors) seen.withErrors += 1
        if (stock.extensions) seen.incomplete += 1
        if (stock.data === null) seen.nulls += 1
        if (stock.data === undefined) seen.refused += 1
        if (stock.extensions?.['thrown']) seen.thrown += 1
        if (!graph.prepare({ ...request, operationName: undefined }).step) seen.stockPlans += 1
        compare(ours, stock, about)
        seen.placed += await comparePlaces(request, ours, stock, ask, about)
      }
    }
    expect(seen.withErrors).toBeGreaterThan(queries / 10)
    expect(seen.incomplete).toBeGreaterThan(queries / 100)
    expect(seen.refused).toBeGreaterThan(queries / 100)
    expect(seen.stockPlans).toBe(0)
    expect(seen.placed).toBeGreaterThan(queries / 20)
  })
})

function compare(ours: Result, stock: Result, about: string): void {
  // A text where it goes through a list makes it throw: a client sees no data either way, and here why.
  if (stock.extensions?.['thrown']) {
    expect(ours.data ?? null, about).toBeNull()
    expect(ours.errors?.length, about).toBeGreaterThan(0)
    return
  }
  if (JSON.stringify(ours.data) !== JSON.stringify(stock.data))
    expect(inOrder(ours.data), about).toBe(inOrder(stock.data))
  expect(JSON.stringify(ours.extensions), about).toBe(JSON.stringify(stock.extensions))
  // Where Apollo's executor cannot shape the answer, it forgets what the subgraphs said.
  const told =
    stock.data === undefined ? complaints(ours).filter((each) => complaints(stock).includes(each)) : complaints(ours)
  expect(told, about).toEqual(complaints(stock))
  for (const error of ours.errors ?? []) {
    expect(error, about).toBeInstanceOf(GraphQLError)
    expect(leadsSomewhere(ours.data, error.path ?? []), `${about} ${JSON.stringify(error)}`).toBe(true)
  }
}

/** An error that tells which entity it is of, such as `charts: {"__typename":"Item","id":"b1"}`. */
const entityIn = (message: string) => /^\w+: (\{.*\})$/.exec(message)?.[1]

/**
 * Errors of entities stand where that very entity stands, at as many places as Apollo's executor, which asks for each place anew, has errors.
 * How many there were.
 */
async function comparePlaces(request: RequestContext, ours: Result, stock: Result, ask: Ask, about: string) {
  const told = (result: Result) => (result.errors ?? []).map(({ message }) => message).filter(entityIn)
  if (told(ours).length === 0) return 0
  if (stock.data !== undefined) expect(told(ours).sort(), about).toEqual(told(stock).sort())
  const { step, coerce } = graph.prepare({ ...request, operationName: undefined })
  const variables = request.request.variables ?? {}
  const run: Run = {
    variables,
    coerced: coerce(variables).coerced ?? {},
    root: {},
    errors: [],
    memory: new Map(),
    ask: ({ serviceName }, operation) => ask(serviceName, operation),
  }
  await step?.(run)
  for (const { message, path = [] } of run.errors) {
    const representation = entityIn(message)
    if (!representation) continue
    const at = path
      .slice(0, -1)
      .reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], run.root)
    expect((at as { id?: string }).id, `${about} ${message} at ${path.join('.')}`).toBe(
      (JSON.parse(representation) as { id: string }).id,
    )
  }
  return told(ours).length
}
