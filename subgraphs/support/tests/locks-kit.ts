import { expect, vi } from 'vitest'
import type { Db } from '../src/database.ts'

/** Resolves once somebody waits for a lock, such as one that the transaction holds. */
export const someoneWaits = (tx: Db): Promise<void> =>
  vi.waitFor(async () => {
    const waiting = await tx.$queryRaw<object[]>`
      SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.datname = current_database() AND NOT l.granted`
    expect(waiting).not.toEqual([])
  }, 10_000)
