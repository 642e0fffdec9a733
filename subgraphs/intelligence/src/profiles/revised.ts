import type { Revision } from '@quimbi/events/revisions.ts'
import type { Database } from '@quimbi/database/open.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import type { Db } from '../database.ts'

/** A tenant's customers; 'ALL' of them. */
type Whom = Iterable<string> | 'ALL'
type Note = (tenantId: string, whom: Whom) => void

/** Of each transaction that runs, and of the system's own client. */
const notes = new WeakMap<object, Note>()

/**
 * Notes, in the transaction that writes it, that what the graph answers of these customers is another from its commit on. Each write that a field of
 * Customer reads is to be noted here; what only time changes is not.
 */
export const noteRevised = (db: Db, tenantId: string, whom: Whom): void => notes.get(db)?.(tenantId, whom)

export type Announcing = {
  /** Calls after each commit for what was noted in it, before `transact` resolves: who has its answer has been told. Returns what ends that. */
  onRevised(listener: (revision: Revision) => Promise<void>): () => void
}

type Opened = Database<PrismaClient, Db>

/** A database that tells of what was revised. */
export function announcing(database: Opened): Opened & Announcing {
  const listeners = new Set<(revision: Revision) => Promise<void>>()
  const tell = async (revisions: readonly Revision[]) => {
    await Promise.all(revisions.flatMap((revision) => [...listeners].map((listener) => listener(revision))))
  }

  /** Where a transaction is run again, since another was in its way, what its last attempt noted counts. */
  async function telling<T>(begin: (note: (tx: object) => void) => Promise<T>): Promise<T> {
    let noted: Revision[] = []
    const result = await begin((tx) => void (noted = noteIn(tx)))
    await tell(merged(noted))
    return result
  }

  const noting =
    (begin: Begin): Begin =>
    (run, ...rest) =>
      telling((note) =>
        begin(
          (tx) => {
            note(tx)
            return run(tx)
          },
          ...rest,
        ),
      )
  const system = new Proxy(database.system, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      return name === '$transaction' ? noting(value as Begin) : value
    },
  })
  // Outside of a transaction each statement is one, and over when it is noted.
  notes.set(system, (tenantId, whom) => void tell([revisionOf(tenantId, whom)]))
  return {
    ...database,
    system,
    transact: (tenantId, run) =>
      telling((note) =>
        database.transact(tenantId, (tx) => {
          note(tx)
          return run(tx)
        }),
      ),
    onRevised(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

type Begin = <T>(run: (tx: object) => Promise<T>, ...rest: unknown[]) => Promise<T>

function noteIn(tx: object): Revision[] {
  const noted: Revision[] = []
  notes.set(tx, (tenantId, whom) => void noted.push(revisionOf(tenantId, whom)))
  return noted
}

const revisionOf = (tenantId: string, whom: Whom): Revision => ({
  tenantId,
  customerIds: whom === 'ALL' ? null : [...whom],
})

/** One a tenant; none where nothing was noted. */
function merged(noted: readonly Revision[]): Revision[] {
  return [...Map.groupBy(noted, ({ tenantId }) => tenantId)].flatMap(([tenantId, own]): Revision[] => {
    if (own.some(({ customerIds }) => customerIds === null)) return [{ tenantId, customerIds: null }]
    const customerIds = [...new Set(own.flatMap((one) => one.customerIds ?? []))]
    return customerIds.length > 0 ? [{ tenantId, customerIds }] : []
  })
}
