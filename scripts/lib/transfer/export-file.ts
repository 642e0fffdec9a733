import { withTenant, type TenantPool } from '@quimbi/database/tenancy.ts'
import { orderRecord, ordersQuery, type ExportedOrder } from '@quimbi/intelligence/orders/export.ts'
import { customerRecord, customersQuery, type ExportedCustomerRow } from '@quimbi/support/customers/export.ts'
import { ticketRecord, ticketsQuery, type ExportedTicketRow } from '@quimbi/support/tickets/export.ts'
import { csvLine } from './csv.ts'
import { canonicalOrders } from './formats/canonical-orders.ts'
import { customers } from './formats/customers.ts'
import { tickets } from './formats/tickets.ts'
import type { ImportDatabases, Kind } from './import-file.ts'
import { openTarget } from './target.ts'

export type ExportOptions = {
  kind: Kind
  /** a path, or `-` for standard output */
  path: string
  format: 'jsonl' | 'csv'
  tenantId: string
  signal?: AbortSignal
  onProgress?(rows: number): void
}

/** Rows fetched at once: what is in memory. */
const pageRows = 500

/** Exports one kind and returns how many records. @throws Error when it was stopped: a file is then not there, or the old one */
export async function exportFile(databases: ImportDatabases, options: ExportOptions): Promise<number> {
  const { kind, path, format, signal, onProgress } = options
  const { pool, query, columns, record, cells } = source(databases, kind)
  const target = await openTarget(path)
  let rows = 0
  try {
    if (format === 'csv') await target.write(csvLine(columns))
    for await (const page of snapshot(pool, options.tenantId, query)) {
      if (signal?.aborted) throw new Error('stopped; nothing was kept.')
      const lines = page.map((row) => (format === 'csv' ? csvLine(cells(row)) : `${JSON.stringify(record(row))}\n`))
      await target.write(lines.join(''))
      rows += page.length
      onProgress?.(rows)
    }
    await target.complete()
    return rows
  } catch (error) {
    await target.abandon()
    throw error
  }
}

type Source = {
  pool: TenantPool
  query: string
  columns: readonly string[]
  record(row: unknown): object
  cells(row: unknown): (string | null)[]
}

function source({ support, intelligence }: ImportDatabases, kind: Kind): Source {
  switch (kind) {
    case 'orders': {
      const record = (row: unknown) => orderRecord(row as ExportedOrder)
      const cells = (row: unknown) => canonicalOrders.cells(record(row))
      return { pool: intelligence.appPool, query: ordersQuery, columns: canonicalOrders.columns, record, cells }
    }
    case 'customers': {
      const record = (row: unknown) => customerRecord(row as ExportedCustomerRow)
      const cells = (row: unknown) => customers.cells(record(row))
      return { pool: support.appPool, query: customersQuery, columns: customers.columns, record, cells }
    }
    case 'tickets': {
      const record = (row: unknown) => ticketRecord(row as ExportedTicketRow)
      const cells = (row: unknown) => tickets.cells(record(row))
      return { pool: support.appPool, query: ticketsQuery, columns: tickets.written, record, cells }
    }
  }
}

/**
 * A query's rows in pages, all of one state of the database: a cursor sorts once and keeps nothing here, where pages by key
 * would need an index for each order and would mix states.
 */
async function* snapshot(pool: TenantPool, tenantId: string, query: string): AsyncGenerator<unknown[]> {
  const client = await withTenant(tenantId, () => pool.connect())
  let failure: Error | boolean = true // left early: the connection goes, and its transaction with it
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    // Who reads a page at a time may take their time.
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0')
    await client.query(`DECLARE exported NO SCROLL CURSOR FOR ${query}`)
    for (;;) {
      const { rows } = await client.query<object>(`FETCH ${pageRows} FROM exported`)
      if (rows.length === 0) break
      yield rows
    }
    await client.query('COMMIT')
    failure = false
  } finally {
    client.release(failure)
  }
}
