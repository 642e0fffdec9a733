import { createHash } from 'node:crypto'
import { createLru } from '@quimbi/service/lru.ts'
import {
  buildASTSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  print,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** A fetch of entities of one type. `selection` names what is asked of each, whatever the operation is called. */
export type EntityFetch = { selection: string; isKept: boolean }

/** On a field of the SDL: what it answers is never kept, as what is generated anew each time. */
export const uncachedTag = 'uncached'

/** Planned operations that are remembered. */
const remembered = 2_000

/**
 * Tells of a planned operation whether it fetches entities of the type, and whether what it answers may be kept: every field that it selects, at any depth,
 * is in the schema and not tagged `uncached`. Null for any other operation.
 */
export function entityFetches(supergraphSdl: string, type: string): (query: string) => EntityFetch | null {
  const schema = buildASTSchema(parse(supergraphSdl, { noLocation: true }), { assumeValid: true, assumeValidSDL: true })
  const known = createLru<string, { fetch: EntityFetch | null }>(remembered)
  return (query) => {
    const described = known.get(query)
    if (described) return described.fetch
    const fetch = describe(schema, type, query)
    known.set(query, { fetch })
    return fetch
  }
}

function describe(schema: GraphQLSchema, type: string, query: string): EntityFetch | null {
  const { definitions } = parse(query, { noLocation: true })
  const [operation, ...others] = definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return null
  const selections = entitySelections(operation)
  if (!selections || !selections.every(({ on }) => on === type)) return null
  const { name: _, ...nameless } = operation
  return {
    selection: digest(print({ ...nameless, kind: Kind.OPERATION_DEFINITION })),
    isKept: selections.every(({ of }) => isKept(schema, schema.getType(type), of)),
  }
}

export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** What a query selects of which entities; null unless that is all it does. */
function entitySelections({ operation, selectionSet }: OperationDefinitionNode) {
  const [field, ...others] = selectionSet.selections
  if (operation !== 'query' || field?.kind !== Kind.FIELD || others.length > 0) return null
  if (field.name.value !== '_entities' || field.alias || field.directives?.length) return null
  const found: { on: string; of: SelectionSetNode }[] = []
  for (const selection of field.selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD && selection.name.value === '__typename') continue
    if (selection.kind !== Kind.INLINE_FRAGMENT || !selection.typeCondition) return null
    found.push({ on: selection.typeCondition.name.value, of: selection.selectionSet })
  }
  return found.length > 0 ? found : null
}

function isKept(schema: GraphQLSchema, type: GraphQLNamedType | undefined, { selections }: SelectionSetNode): boolean {
  return selections.every((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return false
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const { typeCondition } = selection
      return isKept(schema, typeCondition ? schema.getType(typeCondition.name.value) : type, selection.selectionSet)
    }
    if (selection.name.value === '__typename') return true
    const fields = implementations(schema, type).map((one) => one.getFields()[selection.name.value])
    return (
      fields.length > 0 &&
      fields.every((field) => {
        if (!field || field.astNode?.directives?.some(isUncached)) return false
        return !selection.selectionSet || isKept(schema, getNamedType(field.type), selection.selectionSet)
      })
    )
  })
}

/** The type itself and, of an interface, those that may stand in its place. */
function implementations(schema: GraphQLSchema, type: GraphQLNamedType | undefined) {
  const all = type && isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type]
  return all.filter((one) => isObjectType(one) || isInterfaceType(one))
}

type Directive = NonNullable<OperationDefinitionNode['directives']>[number]

const isUncached = ({ name, arguments: given }: Directive): boolean =>
  name.value === 'tag' && given?.[0]?.value.kind === Kind.STRING && given[0].value.value === uncachedTag
