import { filterSchema, getDocumentNodeFromSchema, pruneSchema } from '@graphql-tools/utils'
import { lexicographicSortSchema, print, visit, type ConstDirectiveNode, type GraphQLSchema } from 'graphql'

type Element = { astNode?: { directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined }

const directivesOf = (element: unknown): readonly ConstDirectiveNode[] => (element as Element).astNode?.directives ?? []

const isForPartners = (field: unknown): boolean =>
  directivesOf(field).some(
    ({ name, arguments: given = [] }) =>
      name.value === 'tag' && given.some(({ value }) => value.kind === 'StringValue' && value.value === 'partner'),
  )

const isInternal = (element: unknown): boolean =>
  directivesOf(element).some(({ name }) => name.value === 'inaccessible')

/** Of Support, and of federation itself. */
const notTheirs = /^(?:Ticket$|_Any$|_Entity$|_Service$|FieldSet$|federation__|link__)/

/** What says how a subgraph is composed. Costs and deprecations stay. */
const ofFederation = new Set(
  'key requires provides external shareable extends inaccessible override tag composeDirective interfaceObject link'.split(
    ' ',
  ),
)

/**
 * What partners may ask: the root fields tagged `partner` and what can be reached from them, by the same resolvers. Nothing of federation,
 * nothing inaccessible, and no ticket.
 */
export function partnerSchema(schema: GraphQLSchema): GraphQLSchema {
  return pruneSchema(
    filterSchema({
      schema,
      typeFilter: (name, type) => !notTheirs.test(name) && !isInternal(type),
      rootFieldFilter: (_operation, _name, field) => isForPartners(field),
      fieldFilter: (_type, _name, field) => !isInternal(field),
      argumentFilter: (_type, _field, _name, argument) => !isInternal(argument),
      directiveFilter: (name) => !ofFederation.has(name) && !notTheirs.test(name),
    }),
  )
}

/** The same as text, for people and for generators of code: by name, with costs. */
export function partnerSdl(schema: GraphQLSchema): string {
  const document = getDocumentNodeFromSchema(lexicographicSortSchema(schema))
  const clean = visit(document, {
    Directive: { enter: ({ name }) => (ofFederation.has(name.value) ? null : undefined) },
    SchemaExtension: { enter: () => null },
  })
  return `${print(clean)}\n`
}
