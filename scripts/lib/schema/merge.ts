import { Kind, parse, print } from 'graphql'
import type {
  DefinitionNode,
  DocumentNode,
  ObjectTypeExtensionNode,
  TypeDefinitionNode,
  TypeExtensionNode,
} from 'graphql'

/** A module's SDL; the path is for messages and for the order. */
export type SdlFile = { path: string; sdl: string }

type Named = TypeDefinitionNode | TypeExtensionNode

const ROOTS = ['Query', 'Mutation', 'Subscription']

/** The SDL of one subgraph out of its modules: extensions joined to their types, types by name, root types first. */
export function mergeSdl(files: readonly SdlFile[]): DocumentNode {
  const types = new Map<string, Named>()
  const others: DefinitionNode[] = []
  for (const { path, sdl } of [...files].sort((a, b) => compare(a.path, b.path))) {
    for (const definition of parse(sdl, { noLocation: true }).definitions) {
      if (!isNamed(definition)) others.push(definition)
      else types.set(definition.name.value, join(types.get(definition.name.value), definition, path))
    }
  }
  const sorted = [...types.entries()].sort(([a], [b]) => rank(a) - rank(b) || compare(a, b)).map(([, type]) => type)
  return {
    kind: Kind.DOCUMENT,
    definitions: [...others.sort((a, b) => compare(a.kind, b.kind) || compare(print(a), print(b))), ...sorted],
  }
}

/** Printed with descriptions, ending in a newline. */
export function printSdl(document: DocumentNode): string {
  return `${print(document)}\n`
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const rank = (name: string) => (ROOTS.includes(name) ? ROOTS.indexOf(name) : ROOTS.length)
const isNamed = (node: DefinitionNode): node is Named => /Type(Definition|Extension)$/.test(node.kind)
const isExtension = (node: Named): node is TypeExtensionNode => node.kind.endsWith('Extension')

const MEMBERS = ['directives', 'interfaces', 'fields', 'types', 'values'] as const

function join(known: Named | undefined, added: Named, path: string): Named {
  if (!known) return added
  const name = added.name.value
  if (!isExtension(known) && !isExtension(added) && !ROOTS.includes(name)) {
    throw new Error(`${path} defines ${name} once more; write "extend" to add to it`)
  }
  if (known.kind.replace(/Extension$/, 'Definition') !== added.kind.replace(/Extension$/, 'Definition')) {
    throw new Error(`${path} makes ${name} another kind of type`)
  }
  const [first, second] = isExtension(known) && !isExtension(added) ? [added, known] : [known, added]
  const joined: Record<string, unknown> = { ...first }
  for (const member of MEMBERS) {
    const nodes = [...members(first, member), ...members(second, member)]
    if (nodes.length > 0) joined[member] = nodes
  }
  return joined as unknown as Named
}

function members(node: Named, member: (typeof MEMBERS)[number]): readonly unknown[] {
  return (node as Partial<ObjectTypeExtensionNode> & Record<string, readonly unknown[] | undefined>)[member] ?? []
}
