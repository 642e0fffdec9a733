import type { IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import type { SupportDatabase } from '@quimbi/support/database.ts'
import { canonicalOrders, isSource, orderRecords } from './formats/canonical-orders.ts'
import { customers } from './formats/customers.ts'
import { onlineRetail } from './formats/online-retail.ts'
import type { OrderDefaults, OrderFormat, SourcedOrder } from './formats/orders.ts'
import { perOrder } from './formats/per-order.ts'
import { recognise } from './formats/recognise.ts'
import { matches, recordParser, type RecordFormat } from './formats/records.ts'
import { tickets } from './formats/tickets.ts'
import { openFile, type RecordFile } from './open-file.ts'
import type { Sink } from './parser.ts'
import { runPipeline, type Pipeline, type Totals } from './pipeline.ts'
import { createRejects, type ReasonCount } from './rejects.ts'
import type { TicketRecord } from '@quimbi/support/tickets/record.ts'
import { sendCustomers, sendOrders, sendTickets, type SendOptions } from './send.ts'

export type Kind = 'orders' | 'customers' | 'tickets'

export type ImportOptions = {
  kind: Kind
  /** a path, or `-` for standard input */
  path: string
  tenant: { id: string; currencyCode: string }
  /** source of orders whose file does not name one */
  source?: string | undefined
  /** currency of orders whose file does not name one */
  currencyCode?: string | undefined
  unassignUnknown?: boolean
  dryRun?: boolean
  rejectsPath: string
  signal?: AbortSignal
  now?(): Date
  onProgress?(totals: Totals, bytes: { read: number; size: number | null }): void
}

export type ImportDatabases = { support: SupportDatabase; intelligence: IntelligenceDatabase }

/** What became of a file; `stopped` when it was ended by the signal. */
export type ImportSummary = Totals & { stopped: boolean; reasons: ReasonCount[] }

export const orderFormats: readonly OrderFormat[] = [onlineRetail, perOrder, canonicalOrders]

/** Imports a file. Running it again adds nothing. @throws Error when the file or the database fails, or is not of this kind */
export async function importFile(databases: ImportDatabases, options: ImportOptions): Promise<ImportSummary> {
  const file = await openFile(options.path)
  const { header } = file
  const { kind, tenant, dryRun = false, unassignUnknown = false, now } = options
  const sending = { tenantId: tenant.id, dryRun, unassignUnknown, ...(now && { now }) }
  if (kind === 'orders') return run(file, options, orderImport(databases, header, options, sending))
  const limits = { items: 1_000, rows: 1_000 }
  // One batch at a time: a record may build on an earlier one.
  if (kind === 'customers') {
    requireHeader(customers, header, kind)
    const send = sendCustomers(databases.support, sending)
    return run(file, options, { parser: (sink) => recordParser(customers, header, sink), limits, inFlight: 1, send })
  }
  requireHeader(tickets, header, kind)
  const { send, settle } = sendTickets(databases.support, sending)
  const parser = (sink: Sink<TicketRecord>) => recordParser(tickets, header, sink)
  // Two are written, the third is checked meanwhile.
  const summary = await run(file, options, { parser, limits: ticketLimits, weightOf: lengthOf, inFlight: 3, send })
  if (!dryRun) await settle()
  return summary
}

/** The larger a batch, the fewer statements and the less often a customer who wrote often is updated; and characters, since they are in memory. */
const ticketLimits = { items: 3_000, rows: 3_000, weight: 4_000_000 }

const lengthOf = ({ messages, notes }: TicketRecord): number =>
  [...(messages ?? []), ...(notes ?? [])].reduce((sum, { content }) => sum + content.length, 0)

type Import<T> = Pick<Pipeline<T>, 'parser' | 'limits' | 'keyOf' | 'weightOf' | 'inFlight' | 'send'>

async function run<T>(file: RecordFile, options: ImportOptions, what: Import<T>): Promise<ImportSummary> {
  const { header, chunks, bytesRead, size } = file
  const rejects = createRejects(options.rejectsPath, (raw) => describe(header, raw))
  const { signal, onProgress } = options
  try {
    const totals = await runPipeline({
      ...what,
      chunks,
      rejects,
      ...(signal && { signal }),
      ...(onProgress && { onProgress: (totals: Totals) => onProgress(totals, { read: bytesRead(), size }) }),
    })
    return { ...totals, reasons: rejects.reasons() }
  } finally {
    await rejects.close()
  }
}

/** A raw record as the rejects file shows it: CSV cells by their column. */
function describe(header: readonly string[] | null, raw: unknown): unknown {
  if (!header || !Array.isArray(raw) || raw.length !== header.length) return raw
  return Object.fromEntries(header.map((name, at) => [name, raw[at] as string]))
}

function orderImport(
  databases: ImportDatabases,
  header: readonly string[] | null,
  options: ImportOptions,
  sending: SendOptions,
): Import<SourcedOrder> {
  const format = header ? recognise(orderFormats, header) : null
  if (header && !format)
    throw new Error(
      unknownHeader(
        header,
        orderFormats.map(({ name, columns }) => `${name}: ${columns.join(',')}`),
      ),
    )
  const defaults = defaultsOf(format ?? canonicalOrders, options)
  return {
    parser: (sink) => (header && format ? format.parser(header, defaults, sink) : orderRecords(defaults, sink)),
    limits: { items: 1_000, rows: 10_000 },
    keyOf: ({ source }) => source,
    inFlight: 2,
    send: sendOrders(databases.intelligence, sending),
  }
}

function defaultsOf(format: OrderFormat, { source, currencyCode, tenant }: ImportOptions): OrderDefaults {
  const defaults = {
    source: source ?? format.source ?? '',
    currencyCode: currencyCode ?? format.currencyCode ?? tenant.currencyCode,
  }
  if (defaults.source === '' && format !== canonicalOrders) {
    throw new Error('This file does not say where its orders come from: add --source NAME.')
  }
  if (defaults.source !== '' && !isSource(defaults.source))
    throw new Error('A source is 1 to 100 letters, digits or . _ : -')
  if (defaults.currencyCode !== tenant.currencyCode) {
    throw new Error(
      `The file's amounts are in ${defaults.currencyCode} and the tenant's in ${tenant.currencyCode}. Convert them first, or say with --currency what they are in.`,
    )
  }
  return defaults
}

function requireHeader(
  format: Omit<RecordFormat<unknown>, 'record'>,
  header: readonly string[] | null,
  kind: Kind,
): void {
  if (!header || matches(format, header)) return
  throw new Error(
    unknownHeader(header, [`${kind}: ${format.columns.join(',')} (needed: ${format.required.join(',')})`]),
  )
}

const unknownHeader = (header: readonly string[], known: readonly string[]): string =>
  `This is no header that is known here: ${header.join(',').slice(0, 300)}\nKnown are\n${known.map((line) => `  ${line}`).join('\n')}\nand JSON lines; see --help.`
