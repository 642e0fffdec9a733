// How fast files go in: whole path, from the gzipped file to PostgreSQL with fsync, in a fresh embedded database.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeFlags as launchFlags } from '../scripts/lib/launch/node-flags.mjs'
import { root } from '../scripts/lib/root.ts'
import { openTransferDatabases } from '../scripts/lib/transfer/databases.ts'
import { importFile, type ImportOptions, type ImportSummary, type Kind } from '../scripts/lib/transfer/import-file.ts'
import { findTenant } from '../scripts/lib/transfer/tenant.ts'
import type { BenchOptions, BenchResult, Figures } from './lib/contract.ts'
import { retailLines, ticketLines } from './lib/generated-files.ts'

/** As `npm run import` runs. @public */
export const nodeFlags = launchFlags['scripts/import.ts']

const retailFile = join(root, '../shared/data/online_retail/or_full.csv.gz')

/** Order lines of the Online Retail file (or, where it is missing, made-up ones) and made-up tickets. @public */
export async function run({ quick, log }: BenchOptions): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-bench-'))
  // Under root the server runs as another user; where that one cannot enter, the data would lie elsewhere and stay there.
  chmodSync(folder, 0o755)
  try {
    const databases = await openTransferDatabases({ QUIMBI_DATA_DIR: folder }, log)
    try {
      const tenant = await findTenant(databases.support, 'bench', { currencyCode: 'GBP' })
      const load = async (kind: Kind, path: string) => {
        const started = performance.now()
        const watched = await watch((onProgress) =>
          importFile(databases, { kind, path, tenant, rejectsPath: join(folder, `${kind}.rejected`), onProgress }),
        )
        return { kind, seconds: (performance.now() - started) / 1000, ...watched }
      }
      const retail = !quick && existsSync(retailFile) ? retailFile : join(folder, 'orders.csv')
      if (retail !== retailFile) writeFileSync(retail, retailLines(quick ? 5_000 : 300_000))
      const tickets = join(folder, 'tickets.jsonl')
      writeFileSync(tickets, ticketLines(quick ? 500 : 20_000))
      const runs = [await load('orders', retail), await load('tickets', tickets)] as const
      return report(runs[0], runs[1], retail === retailFile)
    } finally {
      await databases.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Run = Watch & { kind: Kind; seconds: number }

function report(orders: Run, tickets: Run, isReal: boolean): BenchResult {
  const rate = ({ summary, seconds }: Run) => Math.round(summary.rows / seconds)
  const rows = [orders, tickets].map((run) => [
    run.kind,
    ...[
      run.summary.rows,
      run.summary.accepted,
      run.summary.rejected,
      Number(run.seconds.toFixed(1)),
      rate(run),
      run.peakMiB,
    ],
  ])
  const columns = ['kind', 'rows', 'accepted', 'rejected rows', 'seconds', 'rows/s', 'peak MiB']
  const figures: Figures = {
    rowsPerSecond: rate(orders),
    peakMiB: orders.peakMiB,
    ticketsPerSecond: rate(tickets),
    ...(isReal && { lastToFirstRatio: orders.lastToFirstRatio }),
  }
  return { table: { columns, rows }, figures: { ...figures, input: isReal ? 'online retail' : 'made up' } }
}

type Watch = { summary: ImportSummary; peakMiB: number; lastToFirstRatio: number }

/** The most memory that the process held while it ran, the database's own not counted, and the speed of the last fifth by the first's. */
async function watch(
  work: (onProgress: NonNullable<ImportOptions['onProgress']>) => Promise<ImportSummary>,
): Promise<Watch> {
  const marks = [{ rows: 0, at: performance.now() }]
  let peak = process.memoryUsage.rss()
  const summary = await work(({ rows }) => {
    peak = Math.max(peak, process.memoryUsage.rss())
    marks.push({ rows, at: performance.now() })
  })
  const timeAt = (share: number) => marks.find(({ rows }) => rows >= share * summary.rows)?.at ?? performance.now()
  const ratio = (timeAt(0.2) - timeAt(0)) / (performance.now() - timeAt(0.8))
  return { summary, peakMiB: Math.round(peak / 2 ** 20), lastToFirstRatio: Number(ratio.toFixed(2)) }
}
