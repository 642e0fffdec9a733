import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { serveStandalone } from '@quimbi/gateway/standalone/serve.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { execute, parse, type FormattedExecutionResult, type GraphQLSchema } from 'graphql'

/** One subgraph of a case: its own SDL, and a resolver map. */
export type CaseSubgraph = { sdl: string; resolvers?: object }
export type CaseQuery = {
  query: string
  variables?: Record<string, unknown>
  /** What must come of it. */
  data: unknown
  /** Whether errors must come with it. */
  errors?: boolean
  /** Whether Apollo's gateway does not serve it, so that only `data` judges. */
  beyondStock?: boolean
}
/** A small graph that has one thing which makes federation hard. `subgraphs` makes them afresh, so that state is nobody else's. */
export type Case = { name: string; subgraphs(): Record<string, CaseSubgraph>; queries: CaseQuery[] }

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@interfaceObject", "@override", "@extends"])`

/** A Federation 2 subgraph. */
export const fed2 = (sdl: string, resolvers: object = {}): CaseSubgraph => ({ sdl: `${link}\n${sdl}`, resolvers })
/** A Federation 1 subgraph. */
export const fed1 = (sdl: string, resolvers: object = {}): CaseSubgraph => ({ sdl, resolvers })

/** A reference resolver that finds a row by the keys it is given; null where there is none. */
export const finds =
  <T extends object>(rows: readonly T[], ...keys: (keyof T & string)[]) =>
  (given: Partial<T>): T | null =>
    rows.find((row) => keys.some((key) => given[key] !== undefined && given[key] === row[key])) ?? null

/** A type resolver for rows that say their type. */
export const byTypename = ({ __typename }: { __typename: string }): string => __typename

export const schemaOf = ({ sdl, resolvers }: CaseSubgraph): GraphQLSchema =>
  buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never })

export type Asked = {
  name: string
  path: string
  query: string
  headers: Record<string, string | string[] | undefined>
}

/** The subgraphs of a case over HTTP, on one server, each at a path of its own. */
export async function serveCase(subgraphs: Record<string, CaseSubgraph>, answerHeaders: Record<string, string> = {}) {
  const schemas = new Map(Object.entries(subgraphs).map(([name, each]) => [name, schemaOf(each)]))
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      const [, name = ''] = (request.url ?? '').split('/')
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { query: string; variables?: object }
      asked.push({ name, path: request.url ?? '', query: body.query, headers: request.headers })
      void answer(schemas.get(name), body).then((result) => {
        response.writeHead(200, { 'content-type': 'application/json', ...answerHeaders })
        response.end(JSON.stringify(result))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const supergraph = composeAt(subgraphs, (name) => `http://127.0.0.1:${port}/${name}/some/where?graph=${name}`)
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { supergraph, asked, stop, url: `http://127.0.0.1:${port}` }
}

export function composeAt(subgraphs: Record<string, CaseSubgraph>, urlOf: (name: string) => string): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, url: urlOf(name), typeDefs: parse(sdl) })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(String).join('\n'))
  return supergraphSdl
}

type Question = { query: string; variables?: object | undefined; operationName?: string | undefined }

/** What a subgraph answers, as JSON would bring it. */
export async function answer(
  schema: GraphQLSchema | undefined,
  { query, variables, operationName }: Question,
): Promise<FormattedExecutionResult> {
  if (!schema) throw new Error('there is no such subgraph')
  const result = await execute({
    schema,
    document: parse(query),
    variableValues: (variables ?? {}) as Record<string, unknown>,
    operationName: operationName ?? null,
  })
  return JSON.parse(JSON.stringify(result)) as FormattedExecutionResult
}

type Stops = (() => unknown)[]

/** A file in a folder of its own, which goes when the test has ended. */
export async function fileWith(text: string, stops: Stops): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'quimbi-gateway-'))
  stops.push(() => rm(directory, { recursive: true }))
  const file = join(directory, 'supergraph.graphql')
  await writeFile(file, text)
  return file
}

/** The gateway of a supergraph, alone, on a free port; what ends it is added to `stops`. */
export async function serveAlone(
  supergraph: string,
  stops: Stops,
  more: Partial<Parameters<typeof serveStandalone>[0]> = {},
) {
  const file = await fileWith(supergraph, stops)
  const log = createLogger({ service: 'gateway', level: 'silent' })
  const running = await serveStandalone({ supergraph: file, port: 0, host: '127.0.0.1', forward: [], log, ...more })
  for (const { stop } of running.stoppables.toReversed()) stops.push(stop)
  const post = (body: object, init: Pick<RequestInit, 'headers' | 'signal'> = {}) =>
    fetch(`${running.url}/graphql`, {
      method: 'POST',
      ...init,
      headers: { 'content-type': 'application/json', connection: 'close', ...init.headers },
      body: JSON.stringify(body),
    })
  const ask = async (...asked: Parameters<typeof post>) =>
    (await (await post(...asked)).json()) as FormattedExecutionResult<Record<string, unknown>>
  return { ...running, file, post, ask }
}
