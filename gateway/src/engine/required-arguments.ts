import type { Supergraph } from '@apollo/federation-internals'
import { GraphQLError, Kind, parse, visit, type DocumentNode, type FieldNode } from 'graphql'
import { isEntity } from './entities.ts'
import type { Result } from './stock.ts'

// Apollo's planner takes `price(currency: "USD")` that a subgraph requires, and `price(currency: "EUR")` that a client asks for, for one field,
// and answers with either. So what a client asks of such a field is planned under a name of its own.

/** The fields that some subgraph requires with arguments. */
export function requiredWithArguments({ schema }: Supergraph): ReadonlySet<string> {
  const names = new Set<string>()
  for (const application of schema.directive('join__field')?.applications() ?? []) {
    const { requires } = application.arguments() as { requires?: string }
    if (!requires?.includes('(')) continue
    visit(parse(`{${requires}}`, { noLocation: true }), {
      Field: ({ name, arguments: args = [] }) => void (args.length > 0 && names.add(name.value)),
    })
  }
  return names
}

export type Renamed = {
  document: DocumentNode
  /** Gives an answer the names that the client knows. */
  restore(result: Result): Result
}

/** The same operations, with other names for those fields; null where there are none of them. */
export function renameRequired(document: DocumentNode, required: ReadonlySet<string>): Renamed | null {
  if (required.size === 0) return null
  const keys = new Set<string>()
  visit(document, { Field: (field) => void keys.add(keyOf(field)) })
  let prefix = 'asked_'
  while ([...keys].some((key) => key.startsWith(prefix))) prefix += '_'
  let isRenamed = false
  const renamed = visit(document, {
    Field(field) {
      if (!required.has(field.name.value) || !field.arguments?.length) return undefined
      isRenamed = true
      return { ...field, alias: { kind: Kind.NAME, value: prefix + keyOf(field) } }
    },
  })
  return isRenamed ? { document: renamed, restore: restorer(prefix) } : null
}

const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value

function restorer(prefix: string): Renamed['restore'] {
  const own = <T>(step: T): T | string =>
    typeof step === 'string' && step.startsWith(prefix) ? step.slice(prefix.length) : step
  const restored = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restored)
    if (!isEntity(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [own(key), restored(each)]))
  }
  return ({ data, errors, ...rest }) => ({
    ...rest,
    ...(errors && {
      errors: errors.map(({ message, path, extensions, originalError }) => {
        return new GraphQLError(message, {
          path: path?.map(own) ?? null,
          extensions,
          originalError: originalError ?? null,
        })
      }),
    }),
    ...(data !== undefined && { data: restored(data) as NonNullable<Result['data']> }),
  })
}
