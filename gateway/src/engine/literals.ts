import {
  getNamedType,
  GraphQLError,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql'

/** The planner walks a list's items twice, so that each level of lists doubles its time: thirty would take it minutes. */
const mostLists = 8

/** Throws for literals that validation lets through and the planner breaks at: numbers that no double holds, such as `1e400`, and lists in lists in lists. */
export function refuseUnplannable(schema: GraphQLSchema, document: DocumentNode): void {
  const types = new TypeInfo(schema)
  let lists = 0
  /** One for a list that is written, else as many as the type makes of a single value. */
  const listsAt = ({ kind }: ASTNode): number => {
    if (kind === Kind.LIST) return 1
    return kind === Kind.OBJECT ? String(types.getInputType()).split('[').length - 1 : 0
  }
  const visitor = {
    enter(node: ASTNode): void {
      lists += listsAt(node)
      if (lists > mostLists)
        throw refused(node, `Lists may lie within at most ${mostLists} lists here: send a variable.`)
      if (node.kind !== Kind.INT && node.kind !== Kind.FLOAT) return
      if (Number.isFinite(Number(node.value)) || getNamedType(types.getInputType())?.name === 'ID') return
      throw refused(node, 'This number is too large.')
    },
    leave(node: ASTNode): void {
      lists -= listsAt(node)
    },
  }
  visit(document, visitWithTypeInfo(types, visitor))
}

const refused = (node: ASTNode, message: string): GraphQLError =>
  new GraphQLError(message, { nodes: node, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } })
