import { join } from 'node:path'
import type { Plugin } from 'vite'
import { readOperations, type PersistedOperation } from './documents.ts'

const name = 'virtual:persisted-documents'

/** The operations that a generated module exports as documents. */
const operationsIn = (code: string) =>
  [
    ...code.matchAll(
      /"OperationDefinition",\s*"operation":\s*"\w+",\s*"name":\s*\{\s*"kind":\s*"Name",\s*"value":\s*"(\w+)"/g,
    ),
  ].map(([, operation]) => String(operation))

/**
 * In a production build the console sends names of documents, never their text: `virtual:persisted-documents` holds the id of each operation that was loaded,
 * told by the module that has its document; and `documents.json` beside the app is the manifest that the gateway reads. While developing, the texts are sent.
 */
export function persistedDocuments(): Plugin {
  let folder = ''
  let isBuild = false
  let reading: Promise<PersistedOperation[]> | undefined
  const operations = () => (reading ??= readOperations(join(folder, 'src')))
  return {
    name: 'persisted-documents',
    configResolved(config) {
      folder = config.root
      isBuild = config.command === 'build'
    },
    buildStart() {
      reading = undefined
    },
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? 'export const documentIds = {}' : undefined),
    async transform(code, id) {
      if (!isBuild || !/\/generated\/\w+\.ts$/.test(id)) return undefined
      const named = new Set(operationsIn(code))
      if (named.size === 0) return undefined
      const ids = (await operations()).filter((one) => named.has(one.name)).map((one) => [one.name, one.id])
      if (ids.length !== named.size) this.error(`${id} has operations of which no .graphql file tells`)
      const told = `Object.assign(documentIds, ${JSON.stringify(Object.fromEntries(ids))})`
      return { code: `import { documentIds } from '${name}'\n${code}\n${told}\n`, map: null }
    },
    async generateBundle() {
      const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: await operations() }
      this.emitFile({ type: 'asset', fileName: 'documents.json', source: JSON.stringify(manifest) })
    },
  }
}
