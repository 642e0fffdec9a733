import { createHttp } from '@quimbi/service/http.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { openLive, type LiveClient } from '@quimbi/service/websocket-test-kit.ts'
import { vi } from 'vitest'
import type { Ticket } from '../generated/prisma/client.ts'
import { doerOf } from '../src/log/actors.ts'
import { changeTicket } from '../src/tickets/change.ts'
import type { Step } from '../src/tickets/steps.ts'
import { serviceOf, type TestAgent, type TestSupport } from './kit.ts'

/** Support behind HTTP and WebSockets. To be closed before the kit. */
export async function serveLive(support: TestSupport) {
  const http = createHttp({
    service: 'support',
    log: support.log,
    metrics: createMetrics('support'),
    readiness: async () => ({}),
  })
  await http.app.register(support.module.subgraph.routes)
  const { live } = support.module.subgraph
  if (!live) throw new Error('Support serves no subscriptions.')
  http.upgrade('/graphql', live.sockets)
  const { url } = await http.listen(0, '127.0.0.1')
  const clients: LiveClient[] = []

  const connect = (token: string): LiveClient => {
    const client = openLive(`${url}/graphql`, { authorization: `Bearer ${token}` })
    clients.push(client)
    return client
  }
  return {
    connect,
    /** Logs in and connects. */
    connectAs: async (agent: TestAgent) => connect(await support.logIn(agent)),
    async close() {
      await Promise.all(clients.map((client) => client.dispose()))
      await http.drain(1_000)
    },
  }
}

/** Changes a ticket, and puts what happened into the log; returns the last event's id. */
export async function change(support: TestSupport, { tenantId, id }: Ticket, ...steps: Step[]): Promise<string> {
  const call = { tenantId, id, who: doerOf(serviceOf(tenantId)), now: support.clock.now() }
  const { eventId } = await support.database.transact(tenantId, (tx) => changeTicket(tx, call, () => steps))
  await support.module.sequence()
  return eventId ?? ''
}

export const tagged = (...tags: string[]): Step => ({ type: 'TAGGED', set: { tags } })
export const assigned = (assigneeId: string | null): Step => ({
  type: assigneeId ? 'ASSIGNED' : 'UNASSIGNED',
  set: { assigneeId },
})

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

export const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 10 })
