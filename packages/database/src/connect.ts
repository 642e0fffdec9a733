import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { TenantPool, withTenant, type DatabaseRole } from './tenancy.ts'

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
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    ...(applicationName && { application_name: applicationName }),
    ...(onStatement && { Client: observedClient(onStatement) }),
  })
  // An idle connection that the server closes would otherwise end the process; the next check-out opens another.
  pool.on('error', (error) => onError?.(error))
  return pool
}

function observedClient(onStatement: (sql: string) => void) {
  return class extends pg.Client {
    // One signature for pg's eight overloads: the arguments are passed on untouched.
    override query(...args: unknown[]): never {
      const [first] = args
      onStatement(typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text ?? ''))
      return (super.query as (...all: unknown[]) => unknown).apply(this, args) as never
    }
  }
}

/** The Prisma adapter over a pool that its owner ends. */
export const prismaAdapter = (pool: pg.Pool): PrismaPg => new PrismaPg(pool, { disposeExternalPool: false })

/** What every generated Prisma client has and the tenancy needs. */
type Extensible = {
  $extends(extension: {
    query: {
      $allOperations(operation: {
        operation: string
        args: unknown
        query: (args: unknown) => Promise<unknown>
      }): Promise<unknown>
    }
  }): unknown
}

// Prisma gathers what is looked up by a unique key in one tick, of all views, and runs it as whoever came first.
const batched = new Set(['findUnique', 'findUniqueOrThrow'])

/**
 * A view of the client whose every operation runs as one tenant. The extension adds no method, so the type stays; but
 * `findUnique` is refused: of two tenants that call it in one tick the second would find nothing. `findFirst` is the same query.
 */
export function tenantClient<Client>(prisma: Client, tenantId: string): Client {
  return (prisma as Extensible).$extends({
    query: {
      // Bound where the query runs: Prisma's promises are lazy, and one built here may be awaited elsewhere.
      $allOperations: async ({ operation, args, query }) => {
        if (batched.has(operation)) throw new Error(`${operation} is batched over tenants: use findFirst.`)
        return withTenant(tenantId, async () => await query(args))
      },
    },
  }) as Client
}

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
