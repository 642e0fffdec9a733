import { GraphQLError, Kind, parse, visit, type DocumentNode, type FieldNode } from 'graphql'
import { isEntity } from './entities.ts'
import type { Result } from './stock.ts'

// Apollo's planner adds keys and what is required to what a client selects, and takes whatever the client has under such a name for it: with
// `{ product { id: name reviews { text } } }` the name would be sent for the key, and the key be answered for the name. So what a client calls
// by such a name is planned under another.

/** The names that the planner may add to a selection. */
export function plannersNames(sdl: string): ReadonlySet<string> {
  const names = new Set(['__typename'])
  visit(parse(sdl, { noLocation: true }), {
    Directive({ name, arguments: args = [] }) {
      if (name.value !== 'join__type' && name.value !== 'join__field') return
      for (const { name, value } of args)
        if ((name.value === 'key' || name.value === 'requires') && value.kind === Kind.STRING)
          for (const [word] of value.value.matchAll(/\w+/g)) names.add(word)
    },
  })
  return names
}

export type Renamed = {
  document: DocumentNode
  /** Gives an answer the names that the client knows. */
  restore(result: Result): Result
  /** The client's name for one of ours; any other as it is. */
  restoreName<T>(name: T): T | string
}

/** The same operations, with other names for what is called by one of those and is another field; null where there is nothing of that. */
export function renameTaken(document: DocumentNode, taken: ReadonlySet<string>): Renamed | null {
  const prefix = prefixFor(document)
  let isRenamed = false
  const renamed = visit(document, {
    Field(field): FieldNode | undefined {
      const { alias, name } = field
      if (!alias || alias.value === name.value || !taken.has(alias.value)) return undefined
      isRenamed = true
      return { ...field, alias: { ...alias, value: prefix + alias.value } }
    },
  })
  return isRenamed ? { document: renamed, ...restorer(prefix) } : null
}

function prefixFor(document: DocumentNode): string {
  const keys: string[] = []
  visit(document, { Field: ({ alias, name }) => void keys.push((alias ?? name).value) })
  let prefix = 'client_calls_it_'
  while (keys.some((key) => key.startsWith(prefix))) prefix += '_'
  return prefix
}

function restorer(prefix: string): Omit<Renamed, 'document'> {
  const restoreName = <T>(step: T): T | string =>
    typeof step === 'string' && step.startsWith(prefix) ? step.slice(prefix.length) : step
  const restored = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restored)
    if (!isEntity(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [restoreName(key), restored(each)]))
  }
  const told = ({ message, path, extensions, originalError }: GraphQLError) =>
    new GraphQLError(message, {
      path: path?.map(restoreName) ?? null,
      extensions,
      originalError: originalError ?? null,
    })
  return {
    restoreName,
    restore: ({ data, errors, extensions: { valueCompletion, ...extensions } = {}, ...rest }) => ({
      ...rest,
      ...(errors && { errors: errors.map(told) }),
      ...(Array.isArray(valueCompletion) && {
        extensions: { ...extensions, valueCompletion: valueCompletion.map(told) },
      }),
      ...(data !== undefined && { data: restored(data) as NonNullable<Result['data']> }),
    }),
  }
}
