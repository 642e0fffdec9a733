// npm run check [-- --fix]: everything that can be said about the code without starting it, and whether the tests cover it.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { measuredLines, MINIMUM_LINES } from './lib/coverage.ts'
import { root } from './lib/root.ts'
import { readResults, table } from './lib/turbo-results.ts'
import type { Result } from './lib/turbo-results.ts'

const help = `npm run check [-- --fix]: everything that can be said about the code without starting it.

Types, lint, format, unused code, the contract in schema/, and the lines that the last npm test -- --coverage covered.

  --fix   writes the contract anew, and mends what lint and format can

It ends with code 1 where one of them fails.
`
const CHECKS = ['typecheck', 'lint', 'format', 'knip', 'schema:check']
const FIXES = [
  [process.execPath, 'scripts/schema.ts'],
  ['node_modules/.bin/eslint', '.', '--fix'],
  ['node_modules/.bin/prettier', '--write', '--log-level=warn', '.'],
]

/** Runs a command in front of the user; its exit code. */
function run([file = '', ...args]: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** All at once, two at a time; only what fails is shown. What did not change since it last passed is not run again. */
async function runChecks(): Promise<Result[]> {
  const runs = join(root, '.turbo/runs')
  rmSync(runs, { recursive: true, force: true })
  const how = [
    '--continue=always',
    '--concurrency=2',
    '--output-logs=errors-only',
    '--log-order=grouped',
    '--summarize',
  ]
  await run(['node_modules/.bin/turbo', 'run', ...CHECKS, ...how])
  return readResults(runs, CHECKS)
}

/** The coverage of the last whole run with `--coverage`, if the sources are still the same. Measuring it takes twice the time of the tests. */
function checkCoverage(): Result {
  const lines = measuredLines(root)
  return {
    name: 'coverage',
    isGood: lines === null || lines >= MINIMUM_LINES,
    seconds: 0,
    note:
      lines === null
        ? 'not measured of these sources: npm test -- --coverage'
        : `${lines} % of lines, at least ${MINIMUM_LINES} wanted`,
  }
}

if (process.argv.includes('--help')) {
  process.stdout.write(help)
} else if (process.argv.includes('--fix')) {
  for (const fix of FIXES) if ((await run(fix)) !== 0) process.exitCode = 1
} else {
  const results = [...(await runChecks()), checkCoverage()]
  console.log(`\n${table(results)}`)
  if (results.some(({ isGood }) => !isGood)) process.exitCode = 1
}
