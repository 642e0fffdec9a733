import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { getOperationAST, GraphQLError, valueFromASTUntyped } from 'graphql'
import { createLru } from '../lru.ts'
import { amountOf, type Variables } from './arguments.ts'
import { compileOperation, TooManyFields, type PricedField, type PricedSelection } from './compile.ts'
import { conditionalVariables, includesBy } from './conditions.ts'

/** What one run of an operation costs. */
export type Price = {
  /** At most, known before it runs. */
  requested: number
  /** What it came to, by the `data` of its answer: never more than was requested. */
  actual(data: unknown): number
  /** The same as it counts: more than was requested only where a service sent longer lists than its schema says. */
  counted(data: unknown): number
}

/** Prices an operation for the values of its variables. Throws BAD_USER_INPUT where a slicing argument is missing. */
export type Pricing = (variables?: Variables) => Price

const keptCombinations = 8

/**
 * Compiles the cost of an operation, by the `@cost` and `@listSize` of the schema (GraphQL Cost Directives): an object costs 1, a scalar
 * 0, each field of a mutation 10 besides; a list as many times its items as it may hold. The document must be valid for the schema. Throws
 * OPERATION_RESOLUTION_FAILURE where there is no such operation.
 */
export function costOf(schema: GraphQLSchema, document: DocumentNode, operationName?: string | null): Pricing {
  const operation = getOperationAST(document, operationName)
  if (!operation)
    throw new GraphQLError('There is no such operation in the document', {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
    })
  const conditions = conditionalVariables(document)
  const compiled = createLru<string, { selection: PricedSelection | null }>(keptCombinations)
  const defaults = defaultsOf(operation)

  function selectionFor(variables: Variables): PricedSelection | null {
    const key = conditions.map((name) => Number(variables[name] === true)).join('')
    const known = compiled.get(key)
    if (known) return known.selection
    const selection = orNothing(() =>
      compileOperation(schema, document, operation as OperationDefinitionNode, includesBy(conditions, variables)),
    )
    compiled.set(key, { selection })
    return selection
  }

  return (given = {}) => {
    const variables = defaults ? { ...defaults, ...given } : given
    const selection = selectionFor(variables)
    if (!selection) return beyondAll
    const pricing = {}
    const requested = bounded(selectionCost(selection, variables, pricing))
    const counted = (data: unknown) => answerCost(selection, data, variables)
    return { requested, counted, actual: (data) => Math.min(requested, Math.ceil(counted(data))) }
  }
}

const beyondAll: Price = {
  requested: Number.MAX_SAFE_INTEGER,
  actual: () => Number.MAX_SAFE_INTEGER,
  counted: () => Number.MAX_SAFE_INTEGER,
}

const bounded = (cost: number): number => (cost < Number.MAX_SAFE_INTEGER ? Math.ceil(cost) : Number.MAX_SAFE_INTEGER)

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables | undefined {
  const withDefault = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  )
  return withDefault.length === 0 ? undefined : Object.fromEntries(withDefault)
}

function orNothing<T>(compile: () => T): T | null {
  try {
    return compile()
  } catch (error) {
    if (error instanceof TooManyFields) return null
    throw error
  }
}

function selectionCost(selection: PricedSelection, variables: Variables, pricing: object): number {
  let most = 0
  for (const { weight, fields } of selection) {
    let total = weight
    for (const field of fields) total += fieldCost(field, variables, pricing)
    if (total > most) most = total
  }
  return most
}

function fieldCost(field: PricedField, variables: Variables, pricing: object): number {
  const { call, item, size, inner, memo } = field
  if (memo.pricing === pricing) return memo.cost
  const each = item + (inner ? selectionCost(inner, variables, pricing) : 0)
  const items = size === null ? 1 : amountOf(size, variables)
  memo.cost = amountOf(call, variables) + (each === 0 ? 0 : items * each)
  memo.pricing = pricing
  return memo.cost
}

/** Of what an object's answer holds, taken for the type that comes to most: a `__typename` in it may be anybody's alias. */
function objectCost(selection: PricedSelection, data: unknown, variables: Variables): number {
  if (typeof data !== 'object' || data === null) return 0
  const answer = data as Record<string, unknown>
  let most = 0
  for (let index = 0; index < selection.length; index++) {
    const { weight, fields } = selection[index] as PricedSelection[number]
    let total = weight
    for (const field of fields) {
      const value = answer[field.key]
      if (value === undefined) continue
      total += amountOf(field.call, variables)
      if (value !== null) total += valueCost(field, value, variables)
    }
    if (total > most) most = total
  }
  return most
}

/** Where an answer has no data, its root fields were asked all the same. */
function answerCost(selection: PricedSelection, data: unknown, variables: Variables): number {
  if (data !== null && data !== undefined) return objectCost(selection, data, variables)
  const asked = selection.flatMap(({ fields }) => fields)
  return asked.reduce((total, { call }) => total + amountOf(call, variables), 0)
}

function valueCost(field: PricedField, value: unknown, variables: Variables): number {
  if (value === null) return 0
  const { item, inner, flat } = field
  if (!Array.isArray(value)) return flat ?? item + (inner ? objectCost(inner, value, variables) : 0)
  if (flat === 0) return 0
  let total = 0
  for (const one of value) {
    if (flat !== null && !Array.isArray(one)) total += one === null ? 0 : flat
    else total += valueCost(field, one, variables)
  }
  return total
}
