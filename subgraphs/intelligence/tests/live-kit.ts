import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { openLive, type LiveClient } from '@quimbi/service/websocket-test-kit.ts'
import { Registry } from 'prom-client'
import type { World } from './kit.ts'

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
  const { url } = await http.listen(0, '127.0.0.1')
  const clients: LiveClient[] = []
  return {
    connect(login: Login): LiveClient {
      const client = openLive(`${url}/graphql`, login)
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
