import { violatedUnique } from '@quimbi/database/outcomes.ts'
import { ingestOrders } from '@quimbi/intelligence/orders/ingest.ts'
import type { IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import type { UserError } from '@quimbi/service/errors.ts'
import { importCustomers, type CustomerRecord } from '@quimbi/support/customers/import.ts'
import type { SupportDatabase } from '@quimbi/support/database.ts'
import { checkTickets, keysOfBatch, storeTicketBatch } from '@quimbi/support/tickets/import.ts'
import { firstStatistics } from '@quimbi/support/tickets/import-store.ts'
import { reserveNumbers } from '@quimbi/support/tickets/numbers.ts'
import type { TicketRecord } from '@quimbi/support/tickets/record.ts'
import type { SourcedOrder } from './formats/orders.ts'
import type { BatchOutcome } from './pipeline.ts'
import { createTurns } from './turns.ts'

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
  outcomeOf(
    await transact(database, options, async (tx, now) => {
      const outcome = await importCustomers(tx, options.tenantId, records, now)
      await firstStatistics(tx)
      return outcome
    }),
    0,
  )

/** Batches that are written at once: the database works on one while another waits for this process, or for a row. */
const writers = 2

/**
 * Sends tickets, a batch a transaction. A batch that has a key with one under way waits for it: of a ticket that stands in the file twice the
 * first goes in, and numbers are taken in the order of the file. The next batch is checked while the database works on those before. Nobody waits for the disk at each batch: what a crash may
 * lose is the last moment's batches, each as a whole, and another run brings them. `settle` waits once, for all of them.
 */
export function sendTickets(database: SupportDatabase, options: SendOptions & { unassignUnknown?: boolean }) {
  const { tenantId, unassignUnknown = false } = options
  const reserve = (given: readonly number[], count: number) =>
    database.transact(tenantId, (tx) => reserveNumbers(tx, tenantId, given, count))
  const inTurn = createTurns(options.dryRun ? 1 : writers)
  return {
    async send(records: TicketRecord[]): Promise<BatchOutcome> {
      const batch = checkTickets(tenantId, records)
      const written = inTurn(keysOfBatch(batch), (turn) => {
        const inOrder: typeof reserve = async (...numbers) => {
          await turn.before
          return reserve(...numbers).finally(turn.passOn)
        }
        const importing = { unassignUnknown, ...(!options.dryRun && { reserve: inOrder }) }
        return againIfTaken(() =>
          transact(database, options, async (tx, now) => {
            await tx.$executeRaw`SET LOCAL synchronous_commit = off`
            return storeTicketBatch(tx, tenantId, batch, now, importing)
          }),
        )
      })
      return outcomeOf(await written, 0)
    },
    /** A small transaction that waits for the disk, and so for all before it. */
    settle: () => reserve([], 0),
  }
}

/** Somebody else brought one of the batch's tickets, numbers or messages since they were looked for: now they are known. */
async function againIfTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (violatedUnique(error) === null) throw error
    return write()
  }
}
