import { Kind, visit, type DirectiveNode, type DocumentNode, type GraphQLSchema } from 'graphql'

/**
 * A document whose validation tells of a subscription's root field that hangs on a variable, which the specification forbids: graphql-js looks
 * at such a condition without variables and throws. The same document where there is none.
 */
export function tellingOfConditions(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const root = schema.getSubscriptionType()?.name
  if (!root) return document
  return visit(document, {
    OperationDefinition: ({ operation }) => (operation === 'subscription' ? undefined : false),
    FragmentDefinition: ({ typeCondition }) => (typeCondition.name.value === root ? undefined : false),
    Directive(node, _key, _parent, _path, ancestors) {
      const depth = ancestors.filter((each) => 'kind' in each && each.kind === Kind.FIELD).length
      if (depth > 1 || !isVariableCondition(node)) return undefined
      // No rule knows a directive of this name, and what is told is what is wrong.
      return {
        ...node,
        name: { ...node.name, value: `${node.name.value} with a variable at the root of a subscription` },
      }
    },
  })
}

const isVariableCondition = ({ name, arguments: args = [] }: DirectiveNode): boolean =>
  (name.value === 'skip' || name.value === 'include') && args.some(({ value }) => value.kind === Kind.VARIABLE)
