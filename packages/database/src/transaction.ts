import type pg from 'pg'
import type { TenantPool } from './tenancy.ts'
import { onConnection } from './tenancy.ts'
import { isRawOperation, rawOperations } from './raw.ts'

/** What a transaction offers beyond its client. */
export type Deferring = {
  /**
   * Sends a write without waiting for it: what follows on this transaction runs after it, and a failure of it is the transaction's. The
   * last write of a transaction and its COMMIT so cost one round trip together.
   */
  $later(query: string, ...values: unknown[]): void
}

type Writing = { $executeRawUnsafe(query: string, ...values: unknown[]): PromiseLike<number> } & Partial<Deferring>

/** Writes without waiting where the transaction can do that, as one of the system's through Prisma cannot. */
export async function writeLater(tx: Writing, query: string, ...values: unknown[]): Promise<void> {
  if (tx.$later) tx.$later(query, ...values)
  else await tx.$executeRawUnsafe(query, ...values)
}

type Operation = (...args: unknown[]) => Promise<unknown>

/**
 * Runs `run` in one transaction of one tenant on one connection: raw statements go to the driver, the models' operations through Prisma on
 * the same connection. Prisma's own interactive transaction costs 0.6 ms of CPU before its first statement.
 */
export async function runTransaction<Client extends object, Tx, T>(
  pool: TenantPool,
  prisma: Client,
  tenantId: string,
  run: (tx: Tx) => Promise<T>,
): Promise<T> {
  const client = await pool.checkOut(tenantId)
  // A connection that is lost between two statements: the next one fails, and nothing else must.
  const ignore = () => {}
  client.on('error', ignore)
  const later: Promise<unknown>[] = []
  const state = { isOver: false }
  const settled = (outcome?: Error) => {
    client.off('error', ignore)
    client.release(outcome)
  }
  let result: T
  // Not awaited: it travels with the first statement, which fails if this does.
  const begun = sent(client.query('BEGIN'))
  try {
    result = await run(transactionClient(pool, prisma, { client, tenantId, later, state }) as Tx)
    state.isOver = true
    const ended = client.query('COMMIT')
    await Promise.all([begun, ...later, ended])
    // COMMIT of a transaction in which a statement failed, and somebody caught it, rolls back without an error.
    if ((await ended).command !== 'COMMIT')
      throw new Error('A statement of the transaction had failed: it was rolled back.')
  } catch (error) {
    state.isOver = true
    const failure = await client.query('ROLLBACK').then(
      () => undefined,
      (lost: Error) => lost,
    )
    settled(failure)
    // What was sent without waiting failed first: what came after it only says that the transaction is aborted.
    throw (await firstFailure([begun, ...later])) ?? error
  }
  settled()
  return result
}

/** A client of the system, whose raw statements and transactions go to the driver like the tenants'. */
export function systemClient<Client extends object>(prisma: Client, pool: TenantPool): Client {
  const raw = rawOperations(pool, pool.nameOf)
  const begin = <T>(run: (tx: unknown) => Promise<T>) => runTransaction(pool, prisma, '', run)
  return new Proxy(prisma, {
    get(target, name) {
      if (isRawOperation(name)) return raw[name]
      return name === '$transaction' ? begin : (Reflect.get(target, name) as unknown)
    },
  })
}

/** A promise whose rejection is looked at later. */
function sent<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

async function firstFailure(promises: readonly Promise<unknown>[]): Promise<unknown> {
  const outcomes = await Promise.allSettled(promises)
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  return failure?.reason
}

type Running = {
  client: pg.PoolClient
  tenantId: string
  later: Promise<unknown>[]
  state: { isOver: boolean }
}

function transactionClient<Client extends object>(
  pool: TenantPool,
  prisma: Client,
  { client, tenantId, later, state }: Running,
): Client & Deferring {
  const guard = () => {
    if (state.isOver) throw new Error('This transaction has ended.')
  }
  const raw = rawOperations(client, pool.nameOf)
  const delegates = new Map<string | symbol, object>()
  const bound = (target: object, operation: Operation): Operation => {
    return (...args) => {
      guard()
      return onConnection(tenantId, client, async () => await operation.apply(target, args))
    }
  }
  const own: Record<string, unknown> = {
    $later: (query: string, ...values: unknown[]) => {
      guard()
      later.push(sent(raw.$executeRawUnsafe(query, ...values)))
    },
  }
  return new Proxy(prisma, {
    get(target, name) {
      if (typeof name === 'string' && name in own) return own[name]
      if (isRawOperation(name)) {
        guard()
        return raw[name]
      }
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'object' || value === null) return name === 'then' ? value : undefined
      const known = delegates.get(name)
      if (known) return known
      const delegate = new Proxy(value, {
        get: (model, operation) => {
          const called: unknown = Reflect.get(model, operation)
          return typeof called === 'function' ? bound(model, called as Operation) : called
        },
      })
      delegates.set(name, delegate)
      return delegate
    },
  }) as Client & Deferring
}
