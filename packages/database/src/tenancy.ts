import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { isPlainRead, shareTurns } from './shared-turn.ts'

/** Rows of no single tenant (a database's own bookkeeping) are kept under this id. */
export const NIL_TENANT = '00000000-0000-0000-0000-000000000000'

/** `quimbi_app` is subject to row-level security; `quimbi_system` sees every tenant. */
export type DatabaseRole = 'quimbi_app' | 'quimbi_system'

type Scope = { tenantId: string; client?: pg.PoolClient }

const scope = new AsyncLocalStorage<Scope>()

/** Runs `run` with every connection that it checks out bound to one tenant. */
export const withTenant = <T>(tenantId: string, run: () => T): T => scope.run({ tenantId }, run)

/** Runs `run` with every statement on one connection of that tenant: a transaction's. */
export const onConnection = <T>(tenantId: string, client: pg.PoolClient, run: () => T): T =>
  scope.run({ tenantId, client }, run)

type Checkout = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void

/**
 * A pool whose connections take their role once and their tenant at check-out, only where it differs from the
 * connection's last one: a transaction per query that sets it costs 2.5 times the query's CPU, this next to nothing.
 * Without a tenant the setting is empty and row-level security shows no rows.
 */
export class TenantPool extends pg.Pool {
  readonly #role: DatabaseRole
  readonly #tenantOf = new WeakMap<pg.PoolClient, string>()
  /** The name under which a connection keeps a statement's plan. */
  readonly nameOf = createStatementNames()

  constructor(config: pg.PoolConfig & { role: DatabaseRole }) {
    super(config)
    this.#role = config.role
    // In a transaction's scope every statement is the transaction's: Prisma, which only knows the pool, sends here.
    const query = this.query.bind(this) as (...args: unknown[]) => unknown
    const together = shareTurns((tenantId) => this.checkOut(tenantId))
    this.query = ((...args: unknown[]) => {
      const { client, tenantId } = scope.getStore() ?? {}
      if (client) return (client.query as (...all: unknown[]) => unknown)(...args)
      return tenantId && isShareable(args) ? together(tenantId, args) : query(...args)
    }) as typeof this.query
  }

  /** A connection of one tenant. */
  checkOut(tenantId: string): Promise<pg.PoolClient> {
    return withTenant(tenantId, () => this.connect())
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: Checkout): void
  override connect(callback?: Checkout): Promise<pg.PoolClient> | void {
    // Read now: a queued check-out is served later, in the asynchronous context of whoever released the connection.
    const { tenantId: tenant = '', client: own } = scope.getStore() ?? {}
    if (own) {
      const inner = nested(own)
      return callback ? callback(undefined, inner, () => {}) : Promise.resolve(inner)
    }
    if (!callback) return super.connect().then((client) => this.#bind(client, tenant))
    super.connect((error, client, release) => {
      if (error || !client || this.#tenantOf.get(client) === tenant) return callback(error, client, release)
      this.#bind(client, tenant).then(
        () => callback(undefined, client, release),
        (failure: Error) => callback(failure, undefined, release),
      )
    })
  }

  async #bind(client: pg.PoolClient, tenant: string): Promise<pg.PoolClient> {
    const last = this.#tenantOf.get(client)
    if (last === tenant) return client
    try {
      if (last === undefined) {
        await client.query("SELECT set_config('role', $1, false), set_config('app.tenant_id', $2, false)", [
          this.#role,
          tenant,
        ])
      } else {
        // Prepared once a connection: parsing and planning it cost more than running it.
        await client.query({
          name: 'quimbi.tenant',
          text: "SELECT set_config('app.tenant_id', $1, false)",
          values: [tenant],
        })
      }
    } catch (error) {
      client.release(true)
      throw error
    }
    this.#tenantOf.set(client, tenant)
    return client
  }
}

/** One configuration and no callback: what Prisma's adapter and our raw operations give. */
function isShareable(args: readonly unknown[]): boolean {
  const [config] = args
  return (
    args.length === 1 &&
    typeof config === 'object' &&
    config !== null &&
    'text' in config &&
    isPlainRead(String(config.text))
  )
}

// What Prisma does in a transaction of its own (a nested write) becomes part of the one that is running, and can be undone alone.
const inner = new Map([
  ['BEGIN', 'SAVEPOINT prisma'],
  ['COMMIT', 'RELEASE SAVEPOINT prisma'],
  ['ROLLBACK', 'ROLLBACK TO SAVEPOINT prisma'],
])

/** A connection that is in a transaction already, for who wants one to begin another. */
const nested = (client: pg.PoolClient): pg.PoolClient =>
  new Proxy(client, {
    get(target, name) {
      if (name === 'release') return () => {}
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name !== 'query') return value.bind(target) as unknown
      return (statement: { text: string; name?: string }, ...rest: unknown[]) => {
        const text = inner.get(statement.text)
        const sent = text === undefined ? statement : { ...statement, name: undefined, text }
        return (value as (...all: unknown[]) => unknown).call(target, sent, ...rest)
      }
    },
  })

/** Statements whose plans are kept on each connection; a program has some hundreds, lists of several lengths among them. */
const keptStatements = 1_000

/**
 * Names for prepared statements: parsed and planned once a connection instead of each time, which cost more than running them. Past the
 * limit a statement stays unnamed, since a connection keeps every named one for its whole life.
 */
export function createStatementNames(): (sql: string) => string {
  const names = new Map<string, string>()
  return (sql) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (names.size >= keptStatements) return ''
    const name = `q${names.size + 1}`
    names.set(sql, name)
    return name
  }
}
