import { ingestOrders } from '@quimbi/intelligence/orders/ingest.ts'
import type { IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import type { UserError } from '@quimbi/service/errors.ts'
import { importCustomers, type CustomerRecord } from '@quimbi/support/customers/import.ts'
import type { SupportDatabase } from '@quimbi/support/database.ts'
import { importTickets } from '@quimbi/support/tickets/import.ts'
import type { TicketRecord } from '@quimbi/support/tickets/record.ts'
import type { SourcedOrder } from './formats/orders.ts'
import type { BatchOutcome } from './pipeline.ts'

/** `dryRun`: every batch is written and rolled back. */
export type SendOptions = { tenantId: string; dryRun?: boolean; now?(): Date }

/** Ends a transaction that was only a trial. */
class RolledBack<T> extends Error {
  readonly outcome: T

  constructor(outcome: T) {
    super('rolled back')
    this.outcome = outcome
  }
}

type Transact<Tx> = { transact<T>(tenantId: string, run: (tx: Tx) => Promise<T>): Promise<T> }
type Written = Omit<BatchOutcome, 'errors'> & { userErrors: UserError[] }

async function transact<Tx>(
  database: Transact<Tx>,
  options: SendOptions,
  write: (tx: Tx, now: Date) => Promise<Written>,
): Promise<Written> {
  const { tenantId, dryRun = false, now = () => new Date() } = options
  try {
    return await database.transact(tenantId, async (tx) => {
      const outcome = await write(tx, now())
      if (dryRun) throw new RolledBack(outcome)
      return outcome
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.outcome as Written
    throw error
  }
}

/** `indexAt` is the place of the record's number in an error's path; what follows names the field. */
function outcomeOf({ userErrors, ...counts }: Written, indexAt: number): BatchOutcome {
  const errors = userErrors.map(({ message, path }) => {
    const field = (path ?? [])
      .slice(indexAt + 1)
      .filter((key) => !/^\d+$/.test(key))
      .join('.')
    return { index: Number(path?.[indexAt]), reason: field ? `${field}: ${message}` : message }
  })
  return { ...counts, errors }
}

/** Sends orders of one source through the door that partners use. */
export const sendOrders = (database: IntelligenceDatabase, options: SendOptions) => async (orders: SourcedOrder[]) => {
  const viewer = { kind: 'service', service: 'intelligence', tenantId: options.tenantId } as const
  const batch = {
    source: orders[0]?.source ?? '',
    orders: orders.map(({ order }) => order),
    errorPolicy: 'SKIP_FAILED',
  } as const
  return outcomeOf(await transact(database, options, (tx, now) => ingestOrders(tx, viewer, batch, now)), 2)
}

export const sendCustomers = (database: SupportDatabase, options: SendOptions) => async (records: CustomerRecord[]) =>
  outcomeOf(await transact(database, options, (tx, now) => importCustomers(tx, options.tenantId, records, now)), 0)

export const sendTickets =
  (database: SupportDatabase, options: SendOptions & { unassignUnknown?: boolean }) =>
  async (records: TicketRecord[]) => {
    const { tenantId, unassignUnknown = false } = options
    return outcomeOf(
      await transact(database, options, (tx, now) => importTickets(tx, tenantId, records, now, { unassignUnknown })),
      0,
    )
  }
