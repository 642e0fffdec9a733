import type { Db } from '../database.ts'

/**
 * Erases what the log says of tickets, and what travelled of customers, in the caller's transaction: payload and salt go, while
 * ids, times and the chain of hashes stay. Also of what is committed and not yet in the log. Lock the tickets first, so
 * that nobody writes more. Resolves to the number of entries.
 */
export async function eraseEntries(
  tx: Db,
  { ticketIds = [], customerIds = [] }: { ticketIds?: readonly string[]; customerIds?: readonly string[] },
): Promise<number> {
  const [row] = await tx.$queryRaw<{ erased: number }[]>`
    SELECT app.erase_entries(${[...ticketIds]}::uuid[], ${[...customerIds]}::uuid[]) AS erased`
  return row?.erased ?? 0
}
