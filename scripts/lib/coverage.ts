import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { filesBelow, hashFiles } from './launch/stamp.mjs'

/** The share of lines that tests must run, in percent; vitest.config.ts says the same to a run with --coverage. */
export const MINIMUM_LINES = 80

const summarySchema = z.object({ total: z.object({ lines: z.object({ pct: z.number() }) }) })
const folders = ['gateway', 'subgraphs', 'packages', 'scripts']

const sources = (root: string) =>
  hashFiles(
    root,
    folders.flatMap((folder) => filesBelow(join(root, folder), (name) => /\.(ts|mjs|graphql)$/.test(name))),
  )

/** Notes which sources the coverage on disk was measured on. Call after a run of all tests. */
export function recordCoverage(root: string): void {
  writeFileSync(join(root, 'coverage/sources'), sources(root))
}

/** Covered lines in percent as all tests measured them on these very sources; null when they have to be run again. */
export function measuredLines(root: string): number | null {
  const [summary, measured] = ['coverage-summary.json', 'sources'].map((name) => join(root, 'coverage', name))
  if (!summary || !measured || !existsSync(summary) || !existsSync(measured)) return null
  if (readFileSync(measured, 'utf8') !== sources(root)) return null
  return summarySchema.parse(JSON.parse(readFileSync(summary, 'utf8'))).total.lines.pct
}
