import { newId } from '@quimbi/database/ids.ts'
import { publish } from '@quimbi/events/outbox.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { openLive, type LiveClient } from '@quimbi/service/websocket-test-kit.ts'
import { mountPartner } from '@quimbi/subgraph/module.ts'
import { logBounds } from '@quimbi/subgraph/log-cursor.ts'
import { Registry } from 'prom-client'
import { expect } from 'vitest'
import { encodePlace } from '../src/live/cursor.ts'
import { insightChanged } from '../src/live/entries.ts'
import type { Move } from '../src/profiles/moves.ts'
import { startOfTime, type World } from './kit.ts'

type Login = { authorization?: string | undefined; apiKey?: string | undefined }

/** Intelligence behind HTTP and WebSockets. To be closed before the world. */
export async function serveLive({ module }: World) {
  const log = createLogger({ service: 'intelligence', level: 'silent' })
  const metrics = createMetrics('intelligence', new Registry())
  const http = createHttp({ service: 'intelligence', log, metrics, readiness: async () => ({}) })
  await http.app.register(module.subgraph.routes)
  const { live } = module.subgraph
  if (!live) throw new Error('Intelligence serves no subscriptions.')
  http.upgrade('/graphql', live.sockets)
  await mountPartner(http, module.partner)
  const { url } = await http.listen(0, '127.0.0.1')
  const clients: LiveClient[] = []
  return {
    connect(login: Login): LiveClient {
      // A key opens the partner door alone.
      const client = openLive(`${url}${login.apiKey === undefined ? '' : '/partner'}/graphql`, login)
      clients.push(client)
      return client
    },
    async close() {
      await Promise.all(clients.map((client) => client.dispose()))
      await http.drain(1_000)
    },
  }
}

/** The next so many results of a subscription. */
export async function take<T>(events: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done) break
    taken.push(value as T)
  }
  return taken
}

const now = new Date(startOfTime)
export const churn = (from: number | null, to: number | null): Move => ({ metric: 'CHURN_RISK', from, to })

/** Publishes what moved, and puts it into the log. */
export async function tellMoves(
  { database, module }: World,
  tenantId: string,
  customerId: string,
  ...moves: Move[]
): Promise<void> {
  const payload = { customerId, churnRisk: 0.5, ltv: 1, archetype: null, asOf: now, moves }
  const event = { tenantId, type: insightChanged, occurredAt: now, payload } as const
  await database.transact(tenantId, (tx) => publish(tx, [event]))
  await module.sequence()
}

/** The place after all that the log holds now; of an empty one, after an entry that nobody hears of. */
export async function endOfLog(world: World, tenantId: string): Promise<string> {
  await tellMoves(world, tenantId, newId())
  const { head } = await logBounds(world.database.forTenant(tenantId), tenantId)
  return encodePlace(tenantId, { sequence: head, figure: 2 })
}

export type Change = {
  cursor: string
  customer: { id: string }
  metric: string
  from: number | null
  to: number | null
}
export const subscription = /* GraphQL */ `
  subscription ($ids: [ID!], $minChange: Float, $after: Cursor) {
    insightChanged(customerIds: $ids, minChange: $minChange, after: $after) {
      cursor
      customer {
        id
      }
      metric
      from
      to
      at
    }
  }
`

export const code = (wanted: string, reason?: string) => [
  expect.objectContaining({ extensions: expect.objectContaining({ code: wanted, ...(reason && { reason }) }) }),
]
