// npm run import: reads files of orders, customers or tickets into the databases. See --help.
import { basename, join, resolve } from 'node:path'
import { showSteps } from './lib/steps.ts'
import { userDirectory } from './lib/root.ts'
import { dataDirectory } from './lib/databases.ts'
import { openTransferDatabases } from './lib/transfer/databases.ts'
import { importArguments } from './lib/transfer/import-arguments.ts'
import { importFile } from './lib/transfer/import-file.ts'
import { importHelp } from './lib/transfer/import-help.ts'
import { createReporter } from './lib/transfer/reporter.ts'
import { importSummary } from './lib/transfer/summary.ts'
import { findTenant } from './lib/transfer/tenant.ts'
import { interruptible } from './lib/transfer/interruptible.ts'

async function main(): Promise<void> {
  const asked = importArguments(process.argv.slice(2))
  if (!asked) return void process.stdout.write(importHelp)
  const steps = showSteps(process.stderr)
  const { signal, release } = interruptible()
  const databases = await openTransferDatabases(process.env, steps.step).finally(steps.done)
  try {
    const create = asked.create && { ...asked.create, currencyCode: asked.currencyCode }
    const tenant = await findTenant(databases.support, asked.tenant, create)
    const path = asked.file === '-' ? '-' : resolve(userDirectory, asked.file)
    const rejectsPath = asked.rejects ? resolve(userDirectory, asked.rejects) : defaultRejects(path)
    const { kind, source, currencyCode, unassignUnknown, dryRun } = asked
    const reporter = createReporter(process.stderr)
    const started = performance.now()
    const summary = await importFile(databases, {
      ...{ kind, path, tenant, source, currencyCode, unassignUnknown, dryRun, rejectsPath, signal },
      onProgress: ({ rows, rejected }, { read, size }) =>
        reporter.update({ rows, rejected, bytes: read, totalBytes: size }),
    }).finally(reporter.end)
    const seconds = (performance.now() - started) / 1000
    process.stdout.write(importSummary(summary, { kind, seconds, dryRun, rejectsPath }))
    if (summary.stopped) process.exitCode = 130
  } finally {
    await databases.close()
    release()
  }
}

function defaultRejects(path: string): string {
  const name = path === '-' ? 'stdin' : basename(path)
  const time = new Date().toISOString().replace(/[:.]/g, '-')
  return join(dataDirectory(process.env), 'imports', `${name}.${time}.rejected.jsonl`)
}

await main().catch((error: unknown) => {
  process.stderr.write(`The import failed: ${error instanceof Error ? error.message : String(error)}\n`)
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
