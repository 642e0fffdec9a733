import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The SDL of a service's domain modules, in their order. */
export const readModules = (directory: string, modules: readonly string[]): string =>
  modules.map((module) => readFileSync(join(directory, module, 'schema.graphql'), 'utf8')).join('\n')

/** Resolver maps of several modules as one; a type may be resolved in more than one of them. */
export function mergeResolvers(maps: readonly Readonly<Record<string, object>>[]): Record<string, object> {
  const merged: Record<string, object> = {}
  for (const map of maps) {
    for (const [type, fields] of Object.entries(map)) {
      const known = merged[type]
      merged[type] = known ? { ...known, ...fields } : fields
    }
  }
  return merged
}
