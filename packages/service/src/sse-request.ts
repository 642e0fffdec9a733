import type { FastifyRequest } from 'fastify'
import { codedError } from './errors.ts'
import type { GraphQLOperation } from './graphql.ts'

/** Whether the client takes server-sent events; one that does not say takes anything. */
export function takesEventStream({ headers: { accept = '*/*' } }: Pick<FastifyRequest, 'headers'>): boolean {
  const types = accept.split(',').map((one) => one.replace(/;.*/s, '').trim().toLowerCase())
  return types.some((type) => type === 'text/event-stream' || type === 'text/*' || type === '*/*')
}

/** The operation of a GET, or of a POST with a JSON body. Throws BAD_USER_INPUT for what is none. */
export function operationOf({
  method,
  query,
  body,
}: Pick<FastifyRequest, 'method' | 'query' | 'body'>): GraphQLOperation {
  const given = method === 'GET' ? fromSearch(query) : body
  if (!isObject(given)) throw wrong('The body has to be a JSON object.')
  const { query: document = '', variables, operationName, documentId, extensions } = given
  const isNamed = documentId !== undefined || extensions !== undefined
  if (typeof document !== 'string' || (document === '' && !isNamed)) throw wrong('There is no query.')
  if (variables !== undefined && variables !== null && !isObject(variables)) throw wrong('variables are no object.')
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string')
    throw wrong('operationName is no text.')
  return {
    query: document,
    variables: variables ?? undefined,
    operationName: operationName ?? undefined,
    ...(document === '' && { named: { documentId, extensions } }),
  }
}

function fromSearch(search: unknown): unknown {
  if (!isObject(search)) return search
  const parsed = { ...search }
  for (const name of ['variables', 'extensions']) {
    const text = search[name]
    if (typeof text !== 'string') continue
    try {
      parsed[name] = JSON.parse(text) as unknown
    } catch {
      throw wrong(`${name} are no JSON.`)
    }
  }
  return parsed
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wrong = (message: string) => codedError('BAD_USER_INPUT', message)
