import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'

/**
 * What the supergraph's SDL says of fields. `shared`: a root field whose events are the same for all who may see them. `viewer`: its value depends on who
 * asks. `confined`: null for who may not see what the event is about.
 */
export type LiveTag = 'shared' | 'viewer' | 'confined'

/** Whether a field has a tag; of an abstract type, whether that of any possible type has. */
export function isTagged(whole: GraphQLSchema, typeName: string, field: string, tag: LiveTag): boolean {
  return typesOf(whole, whole.getType(typeName)).some((type) => {
    const { directives = [] } = (isObjectType(type) && type.getFields()[field]?.astNode) || {}
    return directives.some(
      ({ name, arguments: [named] = [] }) =>
        name.value === 'tag' && named !== undefined && valueFromASTUntyped(named.value) === tag,
    )
  })
}

const typesOf = (schema: GraphQLSchema, type: GraphQLNamedType | undefined): readonly GraphQLNamedType[] =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : type ? [type] : []

/** Whether a document names a field whose value depends on who asks. */
export function namesViewerField(api: GraphQLSchema, whole: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(api)
  let isFound = false
  visit(
    document,
    visitWithTypeInfo(types, {
      Field({ name }) {
        const parent = types.getParentType()
        isFound ||= parent !== null && parent !== undefined && isTagged(whole, parent.name, name.value, 'viewer')
      },
    }),
  )
  return isFound
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>

/** The fields of a selection set, those of its fragments included. */
export function fieldsOf(set: SelectionSetNode | undefined, fragments: Fragments): FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection]
    const part = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection
    return fieldsOf(part?.selectionSet, fragments)
  })
}

/** The type of a subscription's root field, with what is hidden. */
export function eventTypeOf(whole: GraphQLSchema, rootField: string) {
  const field = whole.getSubscriptionType()?.getFields()[rootField]
  const type = field && getNamedType(field.type)
  return isObjectType(type) ? type : null
}
