// A subgraph as a process of its own: fork it with its graph's name and its own. It answers the same question from memory, whatever `search` says.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse } from 'graphql'
import { graphs } from './gateway-graphs.ts'

type Body = { query: string; variables?: Record<string, unknown>; operationName?: string }

const [graph = '', name = ''] = process.argv.slice(2)
const { sdl = '', resolvers } = graphs[graph as keyof typeof graphs].subgraphs[name] ?? {}
const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never })
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
