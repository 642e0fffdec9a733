// How fast files go in: whole path, from the gzipped file to PostgreSQL with fsync, in a fresh embedded database.
import { appendFileSync, chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

const mostTickets = 1_000_000

/** Order lines of the Online Retail file (or, where it is missing, made-up ones) and made-up tickets. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-bench-'))
  // Under root the server runs as another user; where that one cannot enter, the data would lie elsewhere and stay there.
  chmodSync(folder, 0o755)
  try {
    const databases = await openTransferDatabases({ QUIMBI_DATA_DIR: folder }, log)
    try {
      const tenant = await findTenant(databases.support, 'bench', { currencyCode: 'GBP' })
      const load = async (kind: Kind, path: string) => {
        const started = performance.now()
        const cpu = process.cpuUsage()
        const watched = await watch((onProgress) =>
          importFile(databases, { kind, path, tenant, rejectsPath: join(folder, `${kind}.rejected`), onProgress }),
        )
        const { user, system } = process.cpuUsage(cpu)
        return { kind, seconds: (performance.now() - started) / 1000, cpuMicros: user + system, ...watched }
      }
      const retail = !quick && existsSync(retailFile) ? retailFile : join(folder, 'orders.csv')
      if (retail !== retailFile) writeFileSync(retail, retailLines(quick ? 5_000 : 300_000))
      const tickets = join(folder, 'tickets.jsonl')
      writeTickets(tickets, quick ? 500 : Math.min(mostTickets, 2_000 * (seconds ?? 600)))
      const runs = [await load('orders', retail), await load('tickets', tickets)] as const
      return report(runs[0], runs[1], retail === retailFile)
    } finally {
      await databases.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Piece by piece: a string cannot hold them all. */
function writeTickets(path: string, count: number): void {
  const piece = 10_000
  for (let from = 0; from < count; from += piece) appendFileSync(path, ticketLines(from, Math.min(count, from + piece)))
}

type Run = Watch & { kind: Kind; seconds: number; cpuMicros: number }

function report(orders: Run, tickets: Run, isReal: boolean): BenchResult {
  const rate = ({ summary, seconds }: Run) => Math.round(summary.rows / seconds)
  const rows = [orders, tickets].map((run) => [
    run.kind,
    ...[run.summary.rows, run.summary.accepted, run.summary.rejected, Number(run.seconds.toFixed(1)), rate(run)],
    ...[Math.round(run.cpuMicros / run.summary.rows), run.peakMiB, run.lastToFirstRatio],
  ])
  const columns = [
    'kind',
    'rows',
    'accepted',
    'rejected rows',
    'seconds',
    'rows/s',
    'CPU µs/row',
    'peak MiB',
    'last to first',
  ]
  const figures: Figures = {
    rowsPerSecond: rate(orders),
    peakMiB: Math.max(orders.peakMiB, tickets.peakMiB),
    tickets: tickets.summary.accepted,
    ticketsPerSecond: rate(tickets),
    lastToFirstRatio: tickets.lastToFirstRatio,
    ...(isReal && { ordersLastToFirstRatio: orders.lastToFirstRatio }),
  }
  return { table: { columns, rows }, figures: { ...figures, input: isReal ? 'online retail' : 'made up' } }
}

type Watch = { summary: ImportSummary; peakMiB: number; lastToFirstRatio: number }

/** The most memory that the process held while it ran, the database's own not counted, and the speed of the last tenth by the first's. */
async function watch(
  work: (onProgress: NonNullable<ImportOptions['onProgress']>) => Promise<ImportSummary>,
): Promise<Watch> {
  // Of what went in, not of what was read: that is some batches ahead.
  const marks = [{ accepted: 0, at: performance.now() }]
  let peak = process.memoryUsage.rss()
  const summary = await work(({ accepted }) => {
    peak = Math.max(peak, process.memoryUsage.rss())
    if (accepted > (marks.at(-1)?.accepted ?? 0)) marks.push({ accepted, at: performance.now() })
  })
  const [first, last] = [speedOf(marks, 0, 0.1, summary.accepted), speedOf(marks, 0.9, 1, summary.accepted)]
  return { summary, peakMiB: Math.round(peak / 2 ** 20), lastToFirstRatio: Number((last / first).toFixed(2)) }
}

/** Things a millisecond between two shares of all, from the last mark before the one to the first at the other. */
function speedOf(marks: readonly { accepted: number; at: number }[], from: number, to: number, all: number): number {
  const start = marks.findLast(({ accepted }) => accepted <= from * all) ?? marks[0]
  const end = marks.find(({ accepted }) => accepted >= to * all) ?? marks.at(-1)
  return start && end ? (end.accepted - start.accepted) / (end.at - start.at) : Number.NaN
}
