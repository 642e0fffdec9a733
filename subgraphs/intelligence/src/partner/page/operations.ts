import { costOf } from '@quimbi/service/cost/cost.ts'
import { parse, type GraphQLField, type GraphQLNamedType, type GraphQLSchema, isSpecifiedScalarType } from 'graphql'
import { examples } from './examples/all.ts'
import { groups, type Example, type Group } from './examples/example.ts'
import { anchor } from './html.ts'

export type OperationKind = 'query' | 'mutation' | 'subscription'

/** A root field of the partner schema, as the page shows it. */
export type Operation = {
  id: string
  name: string
  kind: OperationKind
  group: Group
  field: GraphQLField<unknown, unknown>
  /** None only until somebody writes one: a test fails meanwhile. */
  example: Example | undefined
  /** Points that the example is estimated at. */
  cost: number | undefined
}

/** Every operation of the schema: those with an example in their order, others at the end. */
export function operationsOf(schema: GraphQLSchema): Operation[] {
  const order = Object.keys(examples)
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const
  return roots
    .flatMap(([kind, type]) => Object.values(type?.getFields() ?? {}).map((field) => ({ kind, field })))
    .map(({ kind, field }) => {
      const example = examples[field.name]
      return {
        ...{ id: anchor('op', field.name), name: field.name, kind, field, example },
        group: example?.group ?? 'account',
        cost: example && priceOf(schema, example),
      }
    })
    .toSorted((a, b) => rank(a.name) - rank(b.name))
}

export const priceOf = (schema: GraphQLSchema, { document, variables }: Pick<Example, 'document' | 'variables'>) =>
  Math.max(1, costOf(schema, parse(document))(variables).requested)

/** Operations by chapter; none without one. */
export const grouped = (operations: readonly Operation[]): { group: Group; title: string; operations: Operation[] }[] =>
  Object.entries(groups)
    .map(([group, title]) => ({
      ...{ group: group as Group, title },
      operations: operations.filter((operation) => operation.group === group),
    }))
    .filter((chapter) => chapter.operations.length > 0)

/** Types that an answer or an input can hold, by name; GraphQL's own scalars need no telling. */
export function typesOf(schema: GraphQLSchema): GraphQLNamedType[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type) && !roots.includes(type as never))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
