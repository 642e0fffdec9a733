import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'
import type { KeepsType } from './entities.ts'

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

/**
 * A subgraph with an interface object knows only the interface, and calls every entity so: what is known already to be of one of its types stays
 * of that.
 */
export function keepingObjectTypes(schema: GraphQLSchema): KeepsType {
  const typeOf = (name: unknown) => (typeof name === 'string' ? schema.getType(name) : undefined)
  return (known, told) => isObjectType(typeOf(known)) && !isObjectType(typeOf(told))
}
