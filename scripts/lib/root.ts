import { fileURLToPath } from 'node:url'

/** The project's root, without a trailing slash. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Where the user stood when they typed the command; relative file arguments start here. */
export const userDirectory = process.env['QUIMBI_CWD'] ?? process.cwd()
