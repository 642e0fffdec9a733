import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'

const samples: Record<string, unknown> = {
  ID: crypto.randomUUID(),
  String: 'something to say',
  Int: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-11-30T00:00:00.000Z',
  EmailAddress: 'somebody@mail.example',
  Decimal: '1.00',
  Cursor: 'q1',
  JSON: {},
}

/** The least that a type of input takes. */
function sampleOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType)
  if (isListType(type)) return [sampleOf(type.ofType)]
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (!isInputObjectType(type)) return samples[type.name]
  const fields = Object.values(type.getFields()).filter(isRequiredInputField)
  return Object.fromEntries(fields.map((field) => [field.name, sampleOf(field.type)]))
}

type Kind = 'query' | 'mutation'

const fieldsOf = (schema: GraphQLSchema, kind: Kind): Record<string, GraphQLField<unknown, unknown>> =>
  (kind === 'query' ? schema.getQueryType() : schema.getMutationType())?.getFields() ?? {}

/** Every field of Query or Mutation but those of the gateway. */
export const operationNames = (schema: GraphQLSchema, kind: Kind): string[] =>
  Object.keys(fieldsOf(schema, kind)).filter((name) => !name.startsWith('_'))

/** Asks for one field of Query or Mutation with the least that it takes; `given` is laid over its input, or its arguments. */
export function operationOf(schema: GraphQLSchema, kind: Kind, name: string, given: Record<string, unknown> = {}) {
  const field = fieldsOf(schema, kind)[name]
  if (!field) throw new Error(`There is no ${kind} ${name}.`)
  const args = field.args.filter((arg) => isRequiredArgument(arg) || arg.name in given)
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const variables = Object.fromEntries(
    args.map((arg) => {
      const sample = sampleOf(arg.type)
      if (arg.name === 'input') return [arg.name, { ...(sample as object), ...given }]
      return [arg.name, given[arg.name] ?? sample]
    }),
  )
  const call = passed ? `${name}(${passed})` : name
  return { query: `${kind} ${declared ? `(${declared})` : ''} { ${call} ${selectionOf(field)} }`, variables }
}

function selectionOf({ type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  return isObjectType(named) && 'userErrors' in named.getFields() ? '{ userErrors { code path } }' : '{ __typename }'
}
