import type {
  FieldNode,
  GraphQLArgument,
  GraphQLField,
  GraphQLInputField,
  GraphQLInputObjectType,
  GraphQLInputType,
} from 'graphql'
import {
  getNamedType,
  getNullableType,
  GraphQLID,
  isInputObjectType,
  isListType,
  valueFromASTUntyped,
  visit,
} from 'graphql'
import { weightOf } from './directives.ts'

/** Values of variables as the client gave them, with defaults. */
export type Variables = Readonly<Record<string, unknown>>

/** Something that may depend on the variables; a number where it does not. */
export type Amount = number | ((variables: Variables) => number)

type Valued = (variables: Variables) => unknown

/** The value of an argument, with the schema's default; undefined where there is none. */
export function argumentOf(node: FieldNode, argument: GraphQLArgument): { value: Valued; isConstant: boolean } {
  const given = node.arguments?.find(({ name }) => name.value === argument.name)
  const otherwise = argument.defaultValue
  if (!given) return { value: () => otherwise, isConstant: true }
  let isConstant = true
  visit(given.value, { Variable: () => void (isConstant = false) })
  if (isConstant) {
    const value: unknown = valueFromASTUntyped(given.value)
    return { value: () => value, isConstant }
  }
  return {
    isConstant,
    value: (variables) => {
      const value: unknown = valueFromASTUntyped(given.value, variables as Record<string, unknown>)
      return value === undefined ? otherwise : value
    },
  }
}

type Pricer = (value: unknown) => number
type Priced = GraphQLArgument | GraphQLInputField

/** What a field's arguments cost: each its `@cost`, for each item of a list; objects in lists 1 unless they have their own. */
export function argumentCosts(field: GraphQLField<unknown, unknown>, node: FieldNode): Amount {
  const amounts = field.args.flatMap((argument): Amount[] => {
    const price = pricerOf(argument, [])
    if (!price) return []
    const { value, isConstant } = argumentOf(node, argument)
    return [isConstant ? price(value({})) : (variables) => price(value(variables))]
  })
  return sum(amounts)
}

/** Undefined where a value of it never costs anything. */
function pricerOf(input: Priced, above: readonly GraphQLInputObjectType[]): Pricer | undefined {
  const type = getNullableType(input.type)
  const named = getNamedType(input.type)
  const isList = isListType(type)
  const own = weightOf(input) ?? weightOf(named)
  const weight = own ?? (isList && isInputObjectType(named) ? 1 : 0)
  const inner = isInputObjectType(named) ? fieldsPricer(named, above) : undefined
  if (weight === 0 && !inner) return undefined
  const each: Pricer = (value) => {
    if (value === null || value === undefined) return 0
    if (Array.isArray(value)) return value.reduce((total: number, item) => total + each(item), 0)
    return weight + (inner?.(value) ?? 0)
  }
  return each
}

function fieldsPricer(type: GraphQLInputObjectType, above: readonly GraphQLInputObjectType[]): Pricer | undefined {
  // What nests in itself costs as much as its first level says.
  if (above.includes(type)) return undefined
  const pricers = Object.values(type.getFields()).flatMap((field) => {
    const price = pricerOf(field, [...above, type])
    return price ? [{ name: field.name, price }] : []
  })
  if (pricers.length === 0) return undefined
  return (value) => {
    if (typeof value !== 'object' || value === null) return 0
    const values = value as Record<string, unknown>
    return pricers.reduce((total, { name, price }) => total + price(values[name]), 0)
  }
}

/** How many ids or objects the arguments of a field name; undefined where none of them is a list of such. */
export function itemCount(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): ((variables: Variables) => number) | undefined {
  const counters = field.args.flatMap((argument) => {
    const { value } = argumentOf(node, argument)
    if (isListOfItems(argument.type)) return [(variables: Variables) => lengthOf(value(variables))]
    const type = getNullableType(argument.type)
    if (!isInputObjectType(type)) return []
    const lists = Object.values(type.getFields()).filter((inner) => isListOfItems(inner.type))
    return lists.map(({ name }) => (variables: Variables) => {
      const object = value(variables)
      return typeof object === 'object' && object !== null ? lengthOf((object as Variables)[name]) : 0
    })
  })
  if (counters.length === 0) return undefined
  return (variables) => counters.reduce((total, count) => total + count(variables), 0)
}

function isListOfItems(type: GraphQLInputType): boolean {
  const named = getNamedType(type)
  return isListType(getNullableType(type)) && (named === GraphQLID || named.name === 'ID' || isInputObjectType(named))
}

const lengthOf = (value: unknown): number =>
  Array.isArray(value) ? value.length : value === null || value === undefined ? 0 : 1

/** One amount out of several. */
export function sum(amounts: readonly Amount[]): Amount {
  const constant = amounts.reduce((total: number, amount) => total + (typeof amount === 'number' ? amount : 0), 0)
  const functions = amounts.filter((amount) => typeof amount !== 'number')
  if (functions.length === 0) return constant
  return (variables) => functions.reduce((total, amount) => total + amount(variables), constant)
}

export const amountOf = (amount: Amount, variables: Variables): number =>
  typeof amount === 'number' ? amount : amount(variables)
