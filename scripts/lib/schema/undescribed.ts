import { visit } from 'graphql'
import type { ASTNode, DocumentNode } from 'graphql'

const ROOTS = ['Query', 'Mutation', 'Subscription']

type Declared = {
  kind: string
  name: { value: string }
  description?: unknown
  directives?: readonly { name: { value: string } }[]
}

/** Coordinates (`Ticket.customer`, `Query.inbox(first)`, …) of what a subgraph declares without a description. */
export function undescribed(document: DocumentNode): string[] {
  const missing: string[] = []
  visit(document, {
    enter(node, _key, _parent, _path, ancestors) {
      if (!isDeclared(node) || node.description || isExempt(node)) return
      const owners = ancestors.filter(
        (ancestor): ancestor is ASTNode & Declared => 'kind' in ancestor && 'name' in ancestor,
      )
      missing.push(coordinate([...owners, node]))
    },
  })
  return missing
}

const DECLARATIONS =
  /^(Scalar|Object|Interface|Union|Enum|InputObject)TypeDefinition$|^(Field|InputValue|EnumValue|Directive)Definition$/

function isDeclared(node: ASTNode): node is ASTNode & Declared {
  return DECLARATIONS.test(node.kind)
}

/** Root types explain themselves; an external field is described where it is resolved. */
function isExempt(node: Declared): boolean {
  if (node.kind === 'ObjectTypeDefinition' && ROOTS.includes(node.name.value)) return true
  return node.directives?.some(({ name }) => name.value === 'external') ?? false
}

function coordinate(nodes: readonly Declared[]): string {
  return nodes.reduce((path, { kind, name: { value } }, index) => {
    if (index === 0) return kind === 'DirectiveDefinition' ? `@${value}` : value
    const owner = nodes[index - 1]?.kind
    return owner === 'FieldDefinition' || owner === 'DirectiveDefinition' ? `${path}(${value})` : `${path}.${value}`
  }, '')
}
