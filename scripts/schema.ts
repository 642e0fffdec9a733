// npm run schema [-- --check]: the committed contract, schema/*.graphql, out of the modules' SDL.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { filesBelow } from './lib/launch/stamp.mjs'
import { root } from './lib/root.ts'
import { declarationsSchema, undeclaredChanges } from './lib/schema/breaking.ts'
import { compose } from './lib/schema/compose.ts'
import { committedVersions } from './lib/schema/history.ts'
import { mergeSdl, printSdl } from './lib/schema/merge.ts'
import { partnerSdlOf } from './lib/schema/partner.ts'
import { undated } from './lib/schema/undated.ts'
import { undescribed } from './lib/schema/undescribed.ts'

if (process.argv.includes('--help')) {
  process.stdout
    .write(`npm run schema [-- --check]: writes schema/*.graphql, the committed contract, out of the modules' SDL.

  --check   writes nothing: says what is not as it would be written, has no description, or breaks clients undeclared
`)
  process.exit()
}

const SERVICES = ['support', 'intelligence']
const API = 'schema/api.graphql'
const PARTNER = 'schema/partner.graphql'
const isCheck = process.argv.includes('--check')
const problems: string[] = []

const subgraphs = SERVICES.map((name) => {
  const folder = join(root, 'subgraphs', name, 'src')
  const paths = filesBelow(folder, (file) => file === 'schema.graphql')
  const files = paths.map((path) => ({ path: relative(root, path), sdl: readFileSync(path, 'utf8') }))
  return { name, typeDefs: mergeSdl(files) }
})
const composition = compose(subgraphs)
problems.push(...composition.problems)

for (const { name, typeDefs } of subgraphs) {
  write(`schema/${name}.graphql`, printSdl(typeDefs))
  if (!isCheck) continue
  problems.push(...undescribed(typeDefs).map((path) => `${name}: ${path} has no description`))
  problems.push(...undated(typeDefs).map((path) => `${name}: ${path} is deprecated without a date on which it goes`))
}
if (composition.supergraph && composition.api) {
  write('schema/supergraph.graphql', composition.supergraph)
  write(API, composition.api)
  if (isCheck) await findBreakingChanges(API, composition.api)
}
for (const { name, typeDefs } of subgraphs) {
  if (name !== 'intelligence') continue
  const partner = partnerSdlOf(typeDefs)
  write(PARTNER, partner)
  if (isCheck) await findBreakingChanges(PARTNER, partner)
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1

/** Writes a file of the contract, or finds that it has drifted. */
function write(path: string, text: string): void {
  const file = join(root, path)
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : null
  if (committed === text) return
  if (isCheck) {
    const line = committed?.split('\n').findIndex((was, index) => was !== text.split('\n')[index])
    const where = line === undefined ? 'is missing' : `differs from the modules' SDL, first in line ${line + 1}`
    problems.push(`${path} ${where}: run npm run schema`)
    return
  }
  mkdirSync(join(root, 'schema'), { recursive: true })
  writeFileSync(file, text)
  console.log(`wrote ${path}`)
}

/** Compares every committed version of what clients see with the one after it, the newest with what is here now. */
async function findBreakingChanges(contract: string, now: string): Promise<void> {
  const path = join(root, 'schema/breaking-changes.json')
  const declared = declarationsSchema.parse(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [])
  const { versions, gaps } = committedVersions(root, contract, 20)
  for (const gap of gaps) console.warn(`Breaking changes: ${gap}`)
  let after = { commit: 'the working tree', text: now }
  for (const before of versions) {
    if (before.text !== after.text) {
      for (const { path, type, message } of await undeclaredChanges(before.text, after.text, declared)) {
        problems.push(
          `${after.commit.slice(0, 16)} breaks clients: ${message} Declare it in schema/breaking-changes.json: ${JSON.stringify({ path, type })}`,
        )
      }
    }
    after = before
  }
}
