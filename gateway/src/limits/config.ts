import { readFileSync } from 'node:fs'
import { booleanFlag, originList } from '@quimbi/service/config.ts'
import { parseManifest } from '@quimbi/service/persisted.ts'
import { z } from 'zod'
import type { Console } from '../console/folder.ts'

const points = z.coerce.number().int().min(1).max(1_000_000_000).describe('a number of cost points, at least 1')

const documents = z
  .string()
  .transform((path, context) => {
    try {
      return parseManifest(readFileSync(path, 'utf8'))
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `cannot be used: ${error instanceof Error ? error.message : 'unknown'}`,
      })
      return z.NEVER
    }
  })
  .describe('the path of a persisted query manifest')

/** What the gateway reads of its limits; `limitsOf` knows what holds where they are unset. */
export const limitsEnvironment = {
  MAX_QUERY_COST: points.optional(),
  AGENT_POINTS_PER_MINUTE: points.optional(),
  TENANT_POINTS_PER_MINUTE: points.optional(),
  ANONYMOUS_POINTS_PER_MINUTE: points.optional(),
  PERSISTED_DOCUMENTS: documents.optional(),
  PERSISTED_DOCUMENTS_ONLY: booleanFlag.optional(),
  INTROSPECTION: booleanFlag.optional(),
  CORS_ORIGINS: originList.optional(),
}

export type LimitsConfig = z.output<z.ZodObject<typeof limitsEnvironment>>

/** A rule over several of them, for `refine`. The documents of a console that is served count. */
export const onlyWithDocuments = [
  ({ PERSISTED_DOCUMENTS_ONLY, PERSISTED_DOCUMENTS, CONSOLE_DIR }: LimitsConfig & { CONSOLE_DIR?: Console | null }) =>
    !PERSISTED_DOCUMENTS_ONLY || PERSISTED_DOCUMENTS !== undefined || CONSOLE_DIR?.documents !== undefined,
  'PERSISTED_DOCUMENTS_ONLY: needs PERSISTED_DOCUMENTS or a built console, or nothing could be asked',
] as const
