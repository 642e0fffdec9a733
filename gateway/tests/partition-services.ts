import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLOperation } from '@quimbi/service/graphql.ts'
import { execute, parse, type FormattedExecutionResult, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { absentMessage, rowOf, type Data, type Row, type Told } from './partition-data.ts'
import { entities, keyedInterface, type FieldModel, type Model } from './partition-model.ts'
import { serviceName } from './partition-split.ts'

/** What mutations were made, in order. */
export type Log = string[]
type Resolver = GraphQLFieldResolver<Row | undefined, Log>

const typeResolver = ({ t }: Row) => t
const rootOf = (source: Row | undefined): Row => source ?? { t: 'Root', n: 0 }

/** The graph in one piece: the schema that clients see. */
export async function answerWhole(
  schema: GraphQLSchema,
  data: Data,
  log: Log,
  { query, variables }: GraphQLOperation,
): Promise<FormattedExecutionResult> {
  const fieldResolver: Resolver = (source, args, _, { operation, fieldName }) => {
    if (!source && operation.operation === 'mutation') log.push(`${fieldName} ${JSON.stringify(args)}`)
    return data.value(rootOf(source), fieldName, args)
  }
  return run(schema, fieldResolver, log, { query, variables })
}

/** The same graph in subgraphs. They fail where they are asked what is not theirs to tell. */
export function servicesOf(model: Model, data: Data, sdls: readonly string[]) {
  const schemas = new Map(sdls.map((sdl, service) => [serviceName(service), schemaOf(model, service, sdl)]))
  return async (name: string, operation: GraphQLOperation, log: Log): Promise<FormattedExecutionResult> => {
    const schema = schemas.get(name)
    if (!schema) throw new Error(`There is no ${name}`)
    return run(schema, resolverOf(model, data, Number(name.slice(1))), log, operation)
  }
}

function schemaOf(model: Model, service: number, sdl: string): GraphQLSchema {
  const resolvers: Record<string, object> = {}
  for (const { name, absent } of entities(model)) {
    const __resolveReference = async (told: Told) => {
      const row = rowOf(model, name, told)
      if (absent?.service !== service || absent.entity !== row.n) return row
      if (absent.throws) throw new Error(absentMessage(row))
      return null
    }
    if (sdl.includes(`type ${name} `)) resolvers[name] = { __resolveReference }
  }
  if (model.keyed?.home === service || model.keyed?.object === service)
    resolvers[keyedInterface] = {
      __resolveReference: (told: Told) => rowOf(model, keyedInterface, told),
      ...(model.keyed.home === service && { __resolveType: typeResolver }),
    }
  return buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never })
}

function resolverOf(model: Model, data: Data, service: number): Resolver {
  const provided = new Set(
    [...model.query, ...model.types.flatMap(({ fields }) => fields)]
      .filter(({ owners }) => owners.includes(service))
      .flatMap(({ type, provides }) => provides.map((name) => `${type} ${name}`)),
  )
  const fields = new Map<string, FieldModel>(
    entities(model).flatMap((type) => type.fields.map((field) => [`${type.name} ${field.name}`, field] as const)),
  )
  const isTold = ({ owners, overrides }: FieldModel, key: string) =>
    owners.includes(service) || (overrides?.from === service && overrides.label) || provided.has(key)
  return (source, args, log, { parentType, fieldName }) => {
    if (parentType.name === 'Mutation') log.push(`${fieldName} ${JSON.stringify(args)}`)
    const row = rootOf(source)
    const field = fields.get(`${row.t} ${fieldName}`)
    if (field && !isTold(field, `${row.t} ${fieldName}`))
      throw new Error(`s${service} is not to tell ${row.t}.${fieldName}`)
    if (field?.requires && !row.told) throw new Error(`s${service} was told nothing for ${row.t}.${fieldName}`)
    const told = row.told?.[fieldName]
    const value = data.value(row, fieldName, args)
    if (
      typeof value !== 'object' &&
      told !== undefined &&
      told !== value &&
      ['id', 'code', 'a', 'b'].includes(fieldName)
    )
      throw new Error(`s${service} was told of two entities in one: ${JSON.stringify(row.told)}`)
    return value
  }
}

async function run(
  schema: GraphQLSchema,
  fieldResolver: Resolver,
  log: Log,
  { query, variables, operationName }: GraphQLOperation,
) {
  const result = await execute({
    schema,
    document: parse(query),
    fieldResolver: fieldResolver as never,
    typeResolver: typeResolver as never,
    contextValue: log,
    variableValues: (variables ?? {}) as Record<string, unknown>,
    operationName: operationName ?? null,
  })
  return JSON.parse(JSON.stringify(result)) as FormattedExecutionResult
}
