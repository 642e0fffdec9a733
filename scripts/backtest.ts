// npm run backtest: how well churn and lifetime value would have been foreseen. See --help.
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readOrdersFile } from '@quimbi/intelligence/features/orders-file.ts'
import { ArgumentError, backtestArguments, backtestHelp } from './lib/backtest-arguments.ts'
import { backtestReport } from './lib/backtest-report.ts'
import { backtest, forecastsCsv } from './lib/backtest.ts'
import { userDirectory } from './lib/root.ts'
import { checkPlace } from './lib/backtest-place.ts'
import { progressOn } from './lib/backtest-progress.ts'

async function main(): Promise<void> {
  const asked = backtestArguments(process.argv.slice(2))
  if (!asked) return void process.stdout.write(backtestHelp)
  const started = performance.now()
  const progress = progressOn(process.stderr)
  const rejected: string[] = []
  try {
    const file = resolve(userDirectory, asked.orders)
    const out = resolve(userDirectory, asked.out)
    await checkPlace(out, file)
    progress.show('reading', 0)
    const histories = await readOrdersFile(file, {
      onRejected: ({ message }) => void rejected.push(message),
      onProgress: (share) => progress.show('reading', share),
    })
    const [first] = rejected
    if (histories.length === 0 && first)
      throw new Error(`None of ${rejected.length} lines can be read; the first: ${first}`)
    const result = backtest(histories, { ...asked, onProgress: progress.show })
    await writeFile(out, forecastsCsv(result))
    progress.end()
    const seconds = (performance.now() - started) / 1000
    process.stdout.write(backtestReport(result, { horizonDays: asked.horizonDays, out, rejected, seconds }))
  } finally {
    progress.end()
  }
}

await main().catch((error: unknown) => {
  const isArgument = error instanceof ArgumentError
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(isArgument ? `${error.code}: ${message} See --help.\n` : `The backtest failed: ${message}\n`)
  process.exitCode = isArgument ? 2 : 1
})
