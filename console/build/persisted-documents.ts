import { join } from 'node:path'
import type { Plugin } from 'vite'
import { readOperations } from './documents.ts'

const name = 'virtual:persisted-documents'

/**
 * In a production build the console sends names of documents, never their text: `virtual:persisted-documents` holds each operation's id, and
 * `documents.json` beside the app is the manifest that the gateway reads. While developing, the texts are sent.
 */
export function persistedDocuments(): Plugin {
  let folder = ''
  let isBuild = false
  const operations = () => readOperations(join(folder, 'src'))
  return {
    name: 'persisted-documents',
    configResolved(config) {
      folder = config.root
      isBuild = config.command === 'build'
    },
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined
      const known = isBuild ? await operations() : []
      return `export const documentIds = ${JSON.stringify(Object.fromEntries(known.map((one) => [one.name, one.id])))}`
    },
    async generateBundle() {
      const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: await operations() }
      this.emitFile({ type: 'asset', fileName: 'documents.json', source: JSON.stringify(manifest) })
    },
  }
}
