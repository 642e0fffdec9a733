import { isUuid } from '@quimbi/service/loaders.ts'
import { defaultFieldResolver, getNamedType, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql'

type Fields = Readonly<Record<string, unknown>>

/** Types that are about one customer, and where its id is. Analyses are about what was passed in: nothing kept is read for them. */
const about: Readonly<Record<string, (value: Fields) => unknown>> = {
  Customer: ({ id }) => id,
  CustomerScore: ({ customerId }) => customerId,
  Analysis: () => null,
}

/** The customer that a field was asked about by name: as its argument, or in its input. */
const named = ({ customerId, input }: Fields): unknown =>
  customerId ?? (input as Fields | null | undefined)?.['customerId']

/** Whom the answers to requests were about. */
export type CustomersSeen = {
  /** Lets the fields of a schema tell whom they answer about. */
  observe(schema: GraphQLSchema): void
  /** Those of the request with this context. */
  of(context: object): ReadonlySet<string>
}

const nobody: ReadonlySet<string> = new Set()

/**
 * Known from what is resolved, not from what was selected: who asks for a score and not for the id has read of that customer all the same.
 * Costs a look at each customer of an answer.
 */
export function createCustomersSeen(): CustomersSeen {
  const seen = new WeakMap<object, Set<string>>()

  function note(context: object, id: unknown): void {
    if (typeof id !== 'string' || !isUuid(id)) return
    const known = seen.get(context)
    if (known) known.add(id.toLowerCase())
    else seen.set(context, new Set([id.toLowerCase()]))
  }

  function watch(
    field: GraphQLField<unknown, object>,
    tell: (context: object, value: Fields, args: Fields) => void,
  ): void {
    const { resolve = defaultFieldResolver } = field
    field.resolve = (source, args: Fields, context, info) => {
      const answer: unknown = resolve(source, args, context, info)
      const hear = (value: unknown): void => {
        if (Array.isArray(value)) for (const one of value) hear(one)
        else if (value instanceof Promise) value.then(hear, () => {})
        else if (value !== null && value !== undefined) tell(context, value as Fields, args)
      }
      hear(answer)
      return answer
    }
  }

  return {
    observe(schema) {
      const roots = [schema.getQueryType(), schema.getMutationType()]
      for (const type of Object.values(schema.getTypeMap())) {
        if (!isObjectType(type) || type.name.startsWith('__')) continue
        for (const field of Object.values(type.getFields())) {
          const idOf = about[getNamedType(field.type).name]
          if (idOf) watch(field, (context, value) => note(context, idOf(value)))
          else if (roots.includes(type)) watch(field, (context, _value, args) => note(context, named(args)))
        }
      }
    },
    of: (context) => seen.get(context) ?? nobody,
  }
}
