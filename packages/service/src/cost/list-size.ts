import type { FieldNode, GraphQLField } from 'graphql'
import { GraphQLError } from 'graphql'
import { argumentOf, itemCount, type Amount } from './arguments.ts'
import type { ListSize } from './directives.ts'

/** What a list without `@listSize` may hold: no page of ours is longer. */
export const usualSize = 100

/**
 * How many items a field's list may have: by its slicing arguments, else as many as the items that its arguments name, else as assumed. The
 * amount throws BAD_USER_INPUT where exactly one slicing argument is required and was not given.
 */
export function sizeOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { assumedSize = usualSize, slicingArguments, requireOneSlicingArgument }: ListSize,
): Amount {
  const slices = field.args.filter(({ name }) => slicingArguments.includes(name))
  if (slices.length > 0) return sliced(field, node, slices, { assumedSize, requireOneSlicingArgument })
  const count = itemCount(field, node)
  if (!count) return assumedSize
  return (variables) => count(variables) || assumedSize
}

function sliced(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  slices: GraphQLField<unknown, unknown>['args'],
  {
    assumedSize,
    requireOneSlicingArgument,
  }: Required<Pick<ListSize, 'requireOneSlicingArgument'>> & { assumedSize: number },
): Amount {
  const given = slices.map((argument) => argumentOf(node, argument))
  const size = (variables: Readonly<Record<string, unknown>>): number => {
    const values = given.map(({ value }) => value(variables)).filter((value) => value !== null && value !== undefined)
    if (requireOneSlicingArgument && values.length !== 1)
      throw notOne(
        field.name,
        slices.map(({ name }) => name),
      )
    // What is no number is refused by whoever runs the operation.
    const numbers = values.map((value) => (typeof value === 'number' && value >= 0 ? value : assumedSize))
    return numbers.length === 0 ? assumedSize : Math.max(...numbers)
  }
  const isConstant = !requireOneSlicingArgument && given.every((one) => one.isConstant)
  return isConstant ? size({}) : size
}

const notOne = (field: string, names: readonly string[]) =>
  new GraphQLError(`"${field}" takes exactly one of ${names.map((name) => `"${name}"`).join(', ')}`, {
    extensions: { code: 'BAD_USER_INPUT', reason: 'SLICING_ARGUMENT', http: { status: 400 } },
  })
