import { createChannel, leavable, type Channel } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import type { Results, Subscribe } from '@quimbi/service/subscriptions.ts'
import { createWebSocketDoor } from '@quimbi/service/websocket.ts'
import type { WebSocketLimits } from '@quimbi/service/websocket-limits.ts'
import { liveMetrics } from '@quimbi/service/websocket-metrics.ts'
import type { GraphQLError } from 'graphql'

type Connect = Parameters<typeof createWebSocketDoor>[0]['connect']

/** A log behind the product's own WebSocket door. Entries are numbers, and their own cursors. */
export function createLogServer(limits: Partial<WebSocketLimits> = {}) {
  const log: number[] = []
  const listeners = new Set<Channel<number>>()
  const asked: { after: string | undefined; query: string }[] = []
  const watching = new Set<(error: GraphQLError) => void>()
  const logins: string[] = []
  let running: { http: ReturnType<typeof createHttp>; port: number } | undefined
  let [oldest, port] = [0, 0]
  const state = {
    /** Refuses a login; undefined lets it in. */
    refusal: (_authorization: string | undefined): GraphQLError | undefined => undefined,
    /** Refuses the next subscriptions, one each. */
    refusals: [] as GraphQLError[],
  }

  const subscribe: Subscribe = async ({ query, variables }) => {
    const after = variables?.['after'] as string | undefined
    asked.push({ after, query })
    const refusal = state.refusals.shift()
    if (refusal) return { errors: [refusal.toJSON()] }
    if (Number(after ?? 0) < oldest) return { errors: [codedError('RESYNC_REQUIRED', 'Too old.').toJSON()] }
    const channel: Channel<number> = createChannel({ capacity: 10_000, onEnd: () => listeners.delete(channel) })
    listeners.add(channel)
    const from = after === undefined ? log.length : Number(after)
    for (const n of log.slice(from)) channel.push(n)
    async function* results() {
      for await (const n of channel) yield { data: { counted: { n, cursor: String(n) } } }
    }
    return leavable(results(), () => channel.end()) as Results
  }
  const admit: Connect = async ({ authorization }) => {
    logins.push(authorization ?? '')
    const refusal = state.refusal(authorization)
    if (refusal) throw refusal
    return {
      viewer: { kind: 'service', service: 'gateway', tenantId: 't' },
      watch: (end) => (watching.add(end), () => void watching.delete(end)),
    }
  }

  return {
    log,
    asked,
    logins,
    state,
    listeners,
    append(count = 1) {
      for (let n = 0; n < count; n += 1) {
        log.push(log.length + 1)
        for (const channel of listeners) channel.push(log.length)
      }
    },
    /** From now on the log begins here. */
    forget: () => void (oldest = log.length),
    /** Ends every subscription before its time. */
    fail: (error: GraphQLError) => [...listeners].forEach((channel) => channel.fail(error)),
    endLogins: (error: GraphQLError) => [...watching].forEach((end) => end(error)),
    /** On the same port each time. */
    async start(): Promise<string> {
      const quiet = createLogger({ service: 'gateway', level: 'silent' })
      const metrics = createMetrics('gateway')
      const http = createHttp({ service: 'gateway', log: quiet, metrics, readiness: async () => ({}) })
      const doorMetrics = liveMetrics(metrics.registry, 'gateway')
      http.upgrade(
        '/graphql',
        createWebSocketDoor({ subscribe, connect: admit, log: quiet, metrics: doorMetrics, limits }),
      )
      const at = await http.listen(port, '127.0.0.1')
      port = at.port
      running = { http, port }
      return `${at.url}/graphql`
    },
    async stop(deadlineMs = 500) {
      const { http } = running ?? {}
      running = undefined
      await http?.drain(deadlineMs)
    },
    get port() {
      return port
    },
  }
}
