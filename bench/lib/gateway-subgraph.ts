// A subgraph as a process of its own: fork it with its name. It answers the same question from memory, whatever `search` says.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse } from 'graphql'
import { subgraphSdl, type SubgraphName } from './gateway-work.ts'

type Body = { query: string; variables?: Record<string, unknown>; operationName?: string }

const ticket = (n: number, customers: number) => ({
  id: `t${n}`,
  number: n,
  subject: `Where is my order ${n}? It should have been here by now.`,
  status: (['OPEN', 'PENDING', 'CLOSED'] as const)[n % 3],
  priority: n / 7,
  openedAt: new Date(1_790_000_000_000 + n * 60_000).toISOString(),
  tags: ['shipping', 'late'],
  customer: { id: `c${n % customers}`, name: `Customer ${n % customers}`, email: `c${n % customers}@shop.example` },
})

const insightOf = (id: string) => {
  const n = Number(id.slice(1))
  return {
    id,
    dna: { archetype: 'Loyal regular', summary: `Buys every ${n + 3} weeks.`, confidence: n / 100 },
    churnRisk: { score: n / 70, level: (['LOW', 'MEDIUM', 'HIGH'] as const)[n % 3] },
    ltvForecast: { amount: n * 12.5, currencyCode: 'EUR' },
  }
}

const resolvers = {
  support: {
    Query: {
      tickets: (_: unknown, { first, customers = 20 }: { first: number; customers?: number }) =>
        Array.from({ length: first }, (_each, n) => ticket(n, customers)),
      ticket: (_: unknown, { id }: { id: string }) => ticket(Number(id.slice(1)), 20),
    },
  },
  intelligence: { Customer: { __resolveReference: ({ id }: { id: string }) => insightOf(id) } },
}

const name = process.argv[2] as SubgraphName
const schema = buildSubgraphSchema({ typeDefs: parse(subgraphSdl[name]), resolvers: resolvers[name] as never })
const known = new Map<string, string>()

async function answer({ query, variables = {}, operationName }: Body): Promise<string> {
  const { search: _, ...telling } = variables
  const key = JSON.stringify([query, telling])
  const result =
    known.get(key) ??
    JSON.stringify(
      await execute({
        schema,
        document: parse(query),
        variableValues: variables,
        operationName: operationName ?? null,
      }),
    )
  known.set(key, result)
  return result
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => void chunks.push(chunk))
  request.on('end', () => {
    void answer(JSON.parse(Buffer.concat(chunks).toString()) as Body).then((text) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      response.end(text)
    })
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
