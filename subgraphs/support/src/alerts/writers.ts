import type { Db } from '../database.ts'

/** A writer who takes longer holds up nobody for ever: it may then miss what it did not know of. */
const patienceMs = 5_000
const pauseMs = 10

/**
 * Waits for the transactions that hold tickets now: they may have read the tenant's configuration before it changed. Those that begin later
 * have the new one. As CREATE INDEX CONCURRENTLY waits, so that writers pay nothing.
 */
export async function awaitWriters(db: Db): Promise<void> {
  const holding = async () => {
    const rows = await db.$queryRaw<{ holder: string }[]>`
      SELECT DISTINCT virtualtransaction AS holder FROM pg_locks
      WHERE locktype = 'relation' AND relation = 'ticket'::regclass AND mode IN ('RowShareLock', 'RowExclusiveLock')
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()`
    return rows.map(({ holder }) => holder)
  }
  const until = Date.now() + patienceMs
  for (let waitedFor = await holding(); waitedFor.length > 0 && Date.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    const still = new Set(await holding())
    waitedFor = waitedFor.filter((holder) => still.has(holder))
  }
}
