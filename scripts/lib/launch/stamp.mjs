import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/**
 * One hash over the names and contents of files; a missing file counts as absent.
 * @param {string} root
 * @param {string[]} files absolute paths
 * @param {string[]} more anything else that the result depends on
 */
export function hashFiles(root, files, more = []) {
  const hash = createHash('sha256')
  for (const file of [...files].sort()) {
    hash.update(`\0${relative(root, file).split(sep).join('/')}\0`).update(readIfThere(file) ?? 'absent')
  }
  return hash.update(`\0${more.join('\0')}`).digest('hex')
}

/**
 * @param {string} file
 * @param {string} stamp
 */
export function hasStamp(file, stamp) {
  return readIfThere(file)?.toString().trim() === stamp
}

/**
 * @param {string} file
 * @param {string} stamp
 */
export function writeStamp(file, stamp) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${stamp}\n`)
}

/**
 * Every file below a folder that the test accepts, without node_modules and generated.
 * @param {string} folder
 * @param {(name: string) => boolean} accepts
 * @returns {string[]}
 */
export function filesBelow(folder, accepts) {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['node_modules', 'generated'].includes(entry.name) ? [] : filesBelow(path, accepts)
    return accepts(entry.name) ? [path] : []
  })
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** @param {unknown} error */
function isMissing(error) {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
