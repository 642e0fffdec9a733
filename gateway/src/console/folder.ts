import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseManifest, type Manifest } from '@quimbi/service/persisted.ts'
import { z } from 'zod'

/** A console to serve: the folder it was built to, null where it was not built yet, and the documents that it asks by name. */
export type Console = { folder: string | null; documents: Manifest | undefined }

const usual = fileURLToPath(new URL('../../../console/dist', import.meta.url))
const isBuilt = (folder: string) => existsSync(join(folder, 'index.html'))

/** Reads the console built to a folder; the project's own unless one is named; null for `off`. Throws an Error that says what is missing. */
export function readConsole(named: string): Console | null {
  if (named === 'off') return null
  const folder = named === '' ? usual : resolve(named)
  if (isBuilt(folder)) return { folder, documents: parseManifest(readFileSync(join(folder, 'documents.json'), 'utf8')) }
  if (named !== '') throw new Error('there is no built console; npm run console -- --build makes one')
  return { folder: null, documents: undefined }
}

/** Addresses, of which only the origins count: attachments' own have a path. */
const fileOrigins = z
  .string()
  .transform((given) => given.split(',').map((one) => one.trim()))
  .refine((all) => all.every((one) => /^https?:/.test(one) && URL.canParse(one)), 'names something else than addresses')
  .transform((all) => all.map((one) => new URL(one).origin))
  .describe('addresses such as https://files.example, separated by commas')

/** `CONSOLE_DIR`: the built console that is served at this gateway's origin; null where it is off. `CONSOLE_FILE_ORIGINS`: where else attachments are. */
export const consoleEnvironment = {
  CONSOLE_DIR: z
    .string()
    .transform((named, context) => {
      try {
        return readConsole(named)
      } catch (error) {
        const message = `cannot be used: ${error instanceof Error ? error.message : 'unknown'}`
        context.addIssue({ code: 'custom', message })
        return z.NEVER
      }
    })
    .prefault('')
    .describe('the folder of a built console, or off'),
  CONSOLE_FILE_ORIGINS: fileOrigins.optional(),
}

/** The documents of both; an id that both have is the first's. */
export function bothManifests(first: Manifest | undefined, second: Manifest | undefined): Manifest | undefined {
  if (!first || !second) return first ?? second
  return { bodyOf: (id) => first.bodyOf(id) ?? second.bodyOf(id), size: first.size + second.size }
}
