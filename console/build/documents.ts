import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { addTypenameToDocument } from '@apollo/client/utilities'
import { Kind, parse, print } from 'graphql'
import type { DefinitionNode, DocumentNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql'

/** An operation of the console as the gateway knows it. */
export type PersistedOperation = { id: string; name: string; type: string; body: string }

/** Every operation in the `.graphql` files below the folder, each with the fragments it needs; by name. Throws where two have one name. */
export async function readOperations(folder: string): Promise<PersistedOperation[]> {
  const definitions: DefinitionNode[] = []
  for await (const file of glob('**/*.graphql', { cwd: folder })) {
    definitions.push(...parse(readFileSync(join(folder, file), 'utf8'), { noLocation: true }).definitions)
  }
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one)
  const found = new Map<string, PersistedOperation>()
  for (const one of definitions) {
    if (one.kind !== Kind.OPERATION_DEFINITION) continue
    const operation = persisted(one, fragments)
    if (found.has(operation.name)) throw new Error(`Two operations are named ${operation.name}.`)
    found.set(operation.name, operation)
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function persisted(operation: OperationDefinitionNode, fragments: Map<string, FragmentDefinitionNode>) {
  const name = operation.name?.value
  if (name === undefined) throw new Error('An operation has no name.')
  const needed = new Map<string, FragmentDefinitionNode>()
  gather(operation, fragments, needed)
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...needed.values()] }
  const body = print(addTypenameToDocument(document))
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12)
  return { id: `${name}-${hash}`, name, type: operation.operation, body }
}

function gather(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: Map<string, FragmentDefinitionNode>,
  into: Map<string, FragmentDefinitionNode>,
): void {
  for (const [, name] of print(definition).matchAll(/\.\.\.(?!\s*on\b)\s*(\w+)/g)) {
    const fragment = fragments.get(String(name))
    if (!fragment) throw new Error(`There is no fragment ${name}.`)
    if (into.has(fragment.name.value)) continue
    into.set(fragment.name.value, fragment)
    gather(fragment, fragments, into)
  }
}
