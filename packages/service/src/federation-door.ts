import type { GraphQLSchema } from 'graphql'
import { defaultFieldResolver } from 'graphql'
import type { Facts } from './authenticate.ts'
import { codedError } from './errors.ts'

// A symbol of this module: resolvers cannot name it, and Apollo's copy of the context keeps it.
const factsKey = Symbol('facts')

/** Binds a context to the facts of its request; the federation fields answer by them. */
export function bindFacts<C extends object>(context: C, facts: Facts): C {
  return Object.assign(context, { [factsKey]: facts })
}

/** The facts a context was bound to; undefined for a context made elsewhere. */
export function factsOf(context: unknown): Facts | undefined {
  return typeof context === 'object' && context !== null ? (context as { [factsKey]?: Facts })[factsKey] : undefined
}

/**
 * `_entities` and `_service` answer to the gateway alone: representations can be forged, the SDL shows what is internal.
 * Refused where they resolve, so that no alias, fragment or directive leads around.
 */
export function guardFederation(schema: GraphQLSchema): void {
  const fields = schema.getQueryType()?.getFields() ?? {}
  for (const name of ['_entities', '_service']) {
    const field = fields[name]
    if (!field) continue
    const resolve = field.resolve ?? defaultFieldResolver
    field.resolve = (source, args, context, info) => {
      if (factsOf(context)?.caller === 'gateway') return resolve(source, args, context, info)
      throw codedError('FORBIDDEN', 'Only the gateway may ask this')
    }
  }
}
