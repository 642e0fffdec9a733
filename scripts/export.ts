// npm run export: gives orders, customers and tickets back as files that npm run import takes. See --help.
import { join, resolve } from 'node:path'
import { userDirectory } from './lib/root.ts'
import { showSteps } from './lib/steps.ts'
import { openTransferDatabases } from './lib/transfer/databases.ts'
import { exportArguments, exportHelp } from './lib/transfer/export-arguments.ts'
import { exportFile } from './lib/transfer/export-file.ts'
import { interruptible } from './lib/transfer/interruptible.ts'
import { count, duration } from './lib/transfer/progress.ts'
import { createReporter } from './lib/transfer/reporter.ts'
import { findTenant } from './lib/transfer/tenant.ts'

async function main(): Promise<void> {
  const asked = exportArguments(process.argv.slice(2))
  if (!asked) return void process.stdout.write(exportHelp)
  const steps = showSteps(process.stderr)
  const { signal, release } = interruptible()
  const databases = await openTransferDatabases(process.env, steps.step).finally(steps.done)
  try {
    const tenant = await findTenant(databases.support, asked.tenant, null)
    for (const kind of asked.kinds) {
      const name = asked.isDirectory ? join(asked.out, `${kind}.${asked.format}`) : asked.out
      const path = name === '-' ? '-' : resolve(userDirectory, name)
      const reporter = createReporter(process.stderr)
      const started = performance.now()
      const { format } = asked
      const rows = await exportFile(databases, {
        ...{ kind, path, format, tenantId: tenant.id, signal },
        onProgress: (done) => reporter.update({ rows: done, rejected: 0, bytes: null, totalBytes: null }),
      }).finally(reporter.end)
      const seconds = (performance.now() - started) / 1000
      process.stderr.write(`${count(rows)} ${kind} in ${duration(seconds)}${path === '-' ? '' : `: ${path}`}\n`)
    }
  } finally {
    await databases.close()
    release()
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`The export failed: ${error instanceof Error ? error.message : String(error)}\n`)
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
