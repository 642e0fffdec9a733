import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root. */
export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/** The pinned Node, placed there by the dev dependency `node`. */
export const pinnedNode = resolve(root, 'node_modules/node/bin/node')

/**
 * Where the user stood: npm runs its scripts in the root and tells in INIT_CWD; without npm it is the working directory.
 * An INIT_CWD inherited from some other npm script does not count.
 */
export const userDirectory =
  process.env['npm_package_json'] === resolve(root, 'package.json') && process.cwd() === root
    ? (process.env['INIT_CWD'] ?? root)
    : process.cwd()
