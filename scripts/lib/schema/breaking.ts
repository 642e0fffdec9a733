import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'
import { z } from 'zod'

/** schema/breaking-changes.json: what was taken from clients, when and why. */
export const declarationsSchema = z.array(
  z.strictObject({ path: z.string(), type: z.string(), reason: z.string().min(1), date: z.iso.date() }),
)
export type Declaration = z.infer<typeof declarationsSchema>[number]

/** One thing a client may have used and lost. `path` is the schema coordinate, `type` the inspector's name for the change. */
export type BreakingChange = { path: string; type: string; message: string }

/** Breaking changes from one version of the public API to the next that nobody declared. */
export async function undeclaredChanges(
  before: string,
  after: string,
  declared: readonly Declaration[],
): Promise<BreakingChange[]> {
  const changes = await diff(buildSchema(before), buildSchema(after))
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path, type, message }) => ({ path: path ?? '', type, message }))
    .filter((change) => !declared.some(({ path, type }) => path === change.path && type === change.type))
}
