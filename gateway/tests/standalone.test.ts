import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { disableApolloTelemetry } from '@quimbi/gateway/config.ts'
import { createGraphQL } from '@quimbi/service/graphql.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import type { FormattedExecutionResult } from 'graphql'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import { beyondCases } from './standalone-cases-beyond.ts'
import { entityCases } from './standalone-cases-entities.ts'
import { moreCases } from './standalone-cases-more.ts'
import { typeCases } from './standalone-cases-types.ts'
import { answer, composeAt, schemaOf, serveAlone, serveCase, type Case, type CaseSubgraph } from './standalone-kit.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

const log = createLogger({ service: 'gateway', level: 'silent' })

/** Apollo's own gateway on the same subgraphs. */
async function stock(subgraphs: Record<string, CaseSubgraph>) {
  disableApolloTelemetry()
  const schemas = new Map(Object.entries(subgraphs).map(([name, each]) => [name, schemaOf(each)]))
  const gateway = new ApolloGateway({
    supergraphSdl: composeAt(subgraphs, (name) => `http://${name}.example`),
    buildService: ({ name }): GraphQLDataSource => ({
      process: async ({ request: { query = '', variables, operationName } }) =>
        (await answer(schemas.get(name), { query, variables, operationName })) as never,
    }),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  })
  const metrics = createMetrics('stock', new Registry())
  const context = async () => ({})
  const door = await createGraphQL<object>({ gateway }, { context, log, metrics, introspection: true })
  stops.push(() => door.stop())
  return async (query: string, variables: Record<string, unknown>): Promise<FormattedExecutionResult> =>
    JSON.parse(
      JSON.stringify(await door.execute({ query, variables }, { requestId: 'stock', caller: null })),
    ) as FormattedExecutionResult
}

describe('the gateway of any supergraph', () => {
  it.each([...entityCases, ...typeCases, ...beyondCases, ...moreCases])(
    'serves $name',
    async ({ subgraphs, queries }: Case) => {
      const served = await serveCase(subgraphs())
      stops.push(served.stop)
      const { post } = await serveAlone(served.supergraph, stops)
      const oracle = await stock(subgraphs())
      for (const { query, variables = {}, data, errors = false, beyondStock = false } of queries) {
        const result = (await (await post({ query, variables })).json()) as FormattedExecutionResult
        expect(
          { data: result.data, errors: (result.errors ?? []).length > 0 },
          `${query} ${JSON.stringify(result.errors)}`,
        ).toEqual({
          data,
          errors,
        })
        if (beyondStock) continue
        const theirs = await oracle(query, variables)
        expect(result.data ?? null, query).toEqual(theirs.data ?? null)
        if (theirs.errors) expect(result.errors, query).toBeTruthy()
      }
    },
  )
})
