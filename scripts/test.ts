// npm test [-- vitest's arguments]: runs the tests; its last line counts them.
import { parseCLI, startVitest } from 'vitest/node'
import { recordCoverage } from './lib/coverage.ts'
import { outcome, summaryLine, verdict } from './lib/test-outcome.ts'
import { root } from './lib/root.ts'

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest(filter, { ...options, root, run: true, watch: false })
const isPartial = filter.length > 0 || Boolean(options.testNamePattern) || Boolean(options.shard)
const counted = outcome(vitest.state.getTestModules(), vitest.state.getUnhandledErrors())
// Coverage below the threshold shows in the exit code only.
const vitestFailed = Boolean(process.exitCode)
await vitest.close()

if (vitest.config.coverage.enabled && !isPartial) recordCoverage(root)
if (!options.testNamePattern) for (const skip of counted.skips) console.log(`skipped: ${skip}`)
const problems = verdict(counted, { isCi: Boolean(process.env['CI']), isPartial })
for (const problem of problems) console.error(problem)
console.log(summaryLine(counted))
process.exitCode = vitestFailed || problems.length > 0 ? 1 : 0
// A handle that the runner itself leaves open must not keep the command from ending.
setTimeout(() => process.exit(), 5_000).unref()
