import { isAbstractType, isInterfaceType, type GraphQLSchema } from 'graphql'

/** Whether an object whose `__typename` is so meets a condition on a type. */
export type TypeCondition = (typename: unknown) => boolean

/** Of the supergraph's types, the inaccessible ones too. */
export function typeCondition(schema: GraphQLSchema, name: string): TypeCondition {
  const type = schema.getType(name)
  const names = new Set<unknown>([name])
  if (isAbstractType(type)) {
    for (const possible of schema.getPossibleTypes(type)) names.add(possible.name)
    if (isInterfaceType(type)) for (const { name } of schema.getImplementations(type).interfaces) names.add(name)
  }
  return (typename) => names.has(typename)
}
