import { execute } from '@quimbi/gateway/engine/engine.ts'
import { createGraph } from '@quimbi/gateway/engine/prepare.ts'
import type { RequestContext, Result } from '@quimbi/gateway/engine/stock.ts'
import { createRandom } from '@quimbi/service/random.ts'
import { parse, validate } from 'graphql'
import { isDeepStrictEqual } from 'node:util'
import { damaged } from '../../gateway/tests/engine-damage.ts'
import { composeFixture, fixtureSubgraphs } from '../../gateway/tests/engine-fixture.ts'
import { requestFor, withoutInterfaces } from '../../gateway/tests/engine-kit.ts'
import { randomQuery } from '../../gateway/tests/engine-queries.ts'

const harms = [0, 0.03, 0.2]

/** Random questions to our executor and to Apollo's, on subgraphs that answer well, badly and worse; how often the data differ. */
export async function fuzz(count: number): Promise<{ queries: number; dataDifferences: number }> {
  const graph = createGraph(composeFixture())
  const answer = fixtureSubgraphs()
  const told = { queries: 0, dataDifferences: 0 }
  const byStock = async (request: RequestContext, ask: typeof answer): Promise<Result> => {
    const { plan, operation } = graph.prepare({ ...request, operationName: undefined })
    return graph.stock
      .execute(plan, operation, request, async ({ serviceName }, asked) =>
        withoutInterfaces(await ask(serviceName, asked)),
      )
      .catch(() => ({}))
  }
  for (let seed = 1; told.queries < count; seed += 1) {
    const { query, variables } = randomQuery(graph.schema, createRandom(seed))
    if (validate(graph.schema, parse(query)).length > 0) continue
    for (const [round, harm] of harms.entries()) {
      const ask = harm > 0 ? damaged(answer, seed * harms.length + round, harm) : answer
      const request = requestFor({ query, variables })
      const ours = await execute(graph, request, ({ serviceName }, operation) => ask(serviceName, operation))
      const theirs = await byStock(request, ask)
      told.queries += 1
      if (!isDeepStrictEqual(plain(ours.data), plain(theirs.data))) told.dataDifferences += 1
    }
  }
  return told
}

const plain = (data: unknown): unknown => JSON.parse(JSON.stringify(data ?? null))
