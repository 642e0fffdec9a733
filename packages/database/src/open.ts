import { setTimeout as delay } from 'node:timers/promises'
import type { PrismaPg } from '@prisma/adapter-pg'
import { createPool, prismaAdapter, tenantClient, assertRowSecurity, type PoolOptions } from './connect.ts'
import { isRetryable } from './outcomes.ts'
import type { TenantPool } from './tenancy.ts'
import { runTransaction, systemClient, type Deferring } from './transaction.ts'

/** The parts of a generated Prisma client that are used here; `Tx` is its transaction client. */
type GeneratedClient<Tx> = {
  $transaction<T>(run: (tx: Tx) => Promise<T>, options?: { maxWait?: number; timeout?: number }): Promise<T>
  $disconnect(): Promise<void>
}

/** A service's database: as the application within one tenant, and as the system over all of them. */
export type Database<Client, Tx> = {
  /** Operations of one tenant; the empty string is nobody's and sees nothing. */
  forTenant(tenantId: string): Client
  /** One transaction of one tenant; run again, at most six times in all, when a concurrent one was in its way. */
  transact<T>(tenantId: string, run: (tx: Tx & Deferring) => Promise<T>): Promise<T>
  /** Calls the listener after each committed `transact`; returns what ends that. */
  onCommit(listener: () => void): () => void
  /** Sees every tenant: sequencer, receivers, look-ups of the demo. Never for a caller's request. */
  system: Client
  appPool: TenantPool
  systemPool: TenantPool
  /** Throws if the database cannot be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Tenants whose client view is kept; making one costs more than a query's overhead. */
const keptViews = 1_000

const mostAttempts = 6
/** Of the pause before the third attempt and each later one: up to this, doubled by each attempt before; at random, so that those who met do not meet again. */
const pauseMs = 2.5

export type DatabaseOptions = Omit<PoolOptions, 'role'>

/** Opens both pools of a service and refuses a role that could see past row-level security. */
export async function openDatabase<Tx, Client extends GeneratedClient<Tx> & object>(
  create: (adapter: PrismaPg) => Client,
  options: DatabaseOptions,
): Promise<Database<Client, Tx>> {
  const appPool = createPool({ ...options, role: 'quimbi_app' })
  // Sequencer and timers hold one each while they lead; receivers, followers and the channels' loops share the rest.
  const systemPool = createPool({ ...options, role: 'quimbi_system', max: 8 })
  const close = async () => {
    await Promise.all([appPool.end(), systemPool.end()])
  }
  try {
    await assertRowSecurity(appPool)
  } catch (error) {
    await close()
    throw error
  }
  const app = create(prismaAdapter(appPool))
  const system = systemClient(create(prismaAdapter(systemPool)), systemPool)
  const views = new Map<string, Client>()
  const listeners = new Set<() => void>()
  return {
    forTenant(tenantId) {
      const known = views.get(tenantId)
      if (known) return known
      if (views.size >= keptViews) views.clear()
      const view = tenantClient(app, appPool, tenantId)
      views.set(tenantId, view)
      return view
    },
    async transact(tenantId, run) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const result = await runTransaction(appPool, app, tenantId, run)
          for (const listener of listeners) listener()
          return result
        } catch (error) {
          if (attempt === mostAttempts || !isRetryable(error)) throw error
          if (attempt > 1) await delay(Math.random() * pauseMs * 2 ** attempt)
        }
      }
    },
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    system,
    appPool,
    systemPool,
    async ping() {
      await systemPool.query('SELECT 1')
    },
    async close() {
      await Promise.all([app.$disconnect(), system.$disconnect()])
      await close()
    },
  }
}
