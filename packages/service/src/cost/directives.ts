import type { ConstDirectiveNode, GraphQLArgument, GraphQLField, GraphQLInputField, GraphQLNamedType } from 'graphql'
import { valueFromASTUntyped } from 'graphql'

/** What `@listSize` says of a field. */
export type ListSize = {
  assumedSize: number | undefined
  /** arguments of which the largest is the number of items */
  slicingArguments: readonly string[]
  /** the lists of the object returned that have this size, where the field itself is none */
  sizedFields: readonly string[]
  requireOneSlicingArgument: boolean
}

type Described = {
  astNode?: { directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined
  extensionASTNodes?: readonly { directives?: readonly ConstDirectiveNode[] | undefined }[] | undefined
}

/** The weight that `@cost` gives; undefined where there is none. */
export function weightOf(
  element: GraphQLNamedType | GraphQLField<unknown, unknown> | GraphQLArgument | GraphQLInputField,
): number | undefined {
  const weight = applied(element, 'cost')?.['weight']
  // The specification writes weights as strings, federation as integers.
  const number = typeof weight === 'string' ? Number(weight) : weight
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

export function listSizeOf(field: GraphQLField<unknown, unknown>): ListSize | undefined {
  const values = applied(field, 'listSize')
  if (!values) return undefined
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument } = values
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
    slicingArguments: strings(slicingArguments),
    sizedFields: strings(sizedFields),
    requireOneSlicingArgument: requireOneSlicingArgument !== false,
  }
}

/** The arguments of a directive, whatever prefix the schema's links gave its name (`@federation__cost`). */
function applied(element: object, name: string): Record<string, unknown> | undefined {
  const { astNode, extensionASTNodes = [] } = element as Described
  for (const node of [astNode, ...extensionASTNodes]) {
    const found = node?.directives?.find((one) => one.name.value === name || one.name.value.endsWith(`__${name}`))
    if (found)
      return Object.fromEntries(
        (found.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
      )
  }
  return undefined
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
