import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { GatheringClient } from './gather-writes.ts'
import { isRawOperation, rawOperations } from './raw.ts'
import { createStatementNames, TenantPool, withTenant, type DatabaseRole } from './tenancy.ts'

/** `url`: PostgreSQL, TLS by its `sslmode` and `sslrootcert`. `onStatement` is called before each statement is sent. */
export type PoolOptions = {
  url: string
  role: DatabaseRole
  max?: number
  applicationName?: string
  onStatement?: (sql: string) => void
  onError?: (error: Error) => void
}

/** Opens a pool; connections are made when first needed and take their role and tenant at check-out. */
export function createPool({ url, role, max = 10, applicationName, onStatement, onError }: PoolOptions): TenantPool {
  const pool = new TenantPool({
    connectionString: url,
    role,
    max,
    // A statement need not wait for the answer to the one before it.
    pipeline: true,
    // Longer than a busy process may be late by itself: its own timer would be taken for the database's silence.
    connectionTimeoutMillis: 30_000,
    // A transaction whose process stopped in the middle must not hold its locks for ever.
    idle_in_transaction_session_timeout: 60_000,
    idleTimeoutMillis: 30_000,
    ...(applicationName && { application_name: applicationName }),
    Client: onStatement ? observedClient(onStatement) : GatheringClient,
  })
  // A lost connection fails its statements. That it tells of the loss again, when a write meets the closed socket, is nobody's error.
  pool.on('connect', (client) => client.on('error', () => {}))
  // An idle connection that the server closes would otherwise end the process; the next check-out opens another. One that is
  // lost while the pool ends is none that anybody misses.
  pool.on('error', (error) => void (pool.ending || onError?.(error)))
  return pool
}

function observedClient(onStatement: (sql: string) => void) {
  return class extends GatheringClient {
    // One signature for pg's eight overloads: the arguments are passed on untouched.
    override query(...args: unknown[]): never {
      const [first] = args
      onStatement(typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text ?? ''))
      return (super.query as (...all: unknown[]) => unknown).apply(this, args) as never
    }
  }
}

/** The Prisma adapter over a pool that its owner ends. */
export function prismaAdapter(pool: pg.Pool): PrismaPg {
  // A name stands for one statement on a connection: whoever shares the pool shares its names.
  const nameOf = pool instanceof TenantPool ? pool.nameOf : createStatementNames()
  return new PrismaPg(pool, { disposeExternalPool: false, statementNameGenerator: ({ sql }) => nameOf(sql) })
}

// Prisma gathers what is looked up by a unique key in one tick, of all views, and runs it as whoever came first.
const batched = new Set<string | symbol>(['findUnique', 'findUniqueOrThrow'])

/**
 * A view of the client whose every operation runs as one tenant. It has the client's type, but `findUnique` is refused: of
 * two tenants that call it in one tick the second would find nothing. `findFirst` is the same query. A client extension
 * does the same and costs about 0.1 ms of CPU an operation, this a few microseconds.
 */
export function tenantClient<Client extends object>(prisma: Client, pool: TenantPool, tenantId: string): Client {
  const delegates = new Map<string | symbol, object>()
  const raw = rawOperations({ query: (config) => withTenant(tenantId, () => pool.query(config)) }, pool.nameOf)
  return new Proxy(prisma, {
    get(target, name) {
      if (isRawOperation(name)) return raw[name]
      const value: unknown = Reflect.get(target, name)
      if (typeof value === 'function') return bound(target, value as Operation, tenantId)
      if (typeof value !== 'object' || value === null) return value
      const known = delegates.get(name)
      if (known) return known
      const delegate = tenantDelegate(value, tenantId)
      delegates.set(name, delegate)
      return delegate
    },
  })
}

type Operation = (...args: unknown[]) => Promise<unknown>

/** The operations of one model. */
const tenantDelegate = (delegate: object, tenantId: string): object =>
  new Proxy(delegate, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (batched.has(name))
        return () => Promise.reject(new Error(`${String(name)} is batched over tenants: use findFirst.`))
      return bound(target, value as Operation, tenantId)
    },
  })

// Awaited inside: Prisma's promises are lazy, and one that is returned as it is would run where it is awaited.
const bound =
  (target: object, operation: Operation, tenantId: string): Operation =>
  (...args) =>
    withTenant(tenantId, async () => await operation.apply(target, args))

/** Throws unless the role in force is bound by row-level security; called once at start. */
export async function assertRowSecurity(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ role: string; free: boolean }>(
    'SELECT rolname AS role, rolsuper OR rolbypassrls AS free FROM pg_roles WHERE rolname = current_user',
  )
  if (rows[0]?.free !== false) {
    throw new Error(
      `The database role ${rows[0]?.role ?? '?'} can bypass row-level security; the application must not run as it.`,
    )
  }
}
