import type { Socket } from 'node:net'
import { createServiceClient, type ServiceClient } from '@quimbi/service/client.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { memoryNonces } from '@quimbi/service/nonces.ts'
import { createSignatureVerifier, createSigner } from '@quimbi/service/signing.ts'
import type { Results, Subscribe } from '@quimbi/service/subscriptions.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import { createGateway } from '@quimbi/gateway/gateway.ts'
import type { Limits } from '@quimbi/gateway/limits/limits.ts'
import type { LiveLimits } from '@quimbi/gateway/live/live-gateway.ts'
import { createRemoteStream } from '@quimbi/gateway/live/remote-stream.ts'
import { positionOverHttp, sessionsOverHttp, streamInMemory, type LiveSources } from '@quimbi/gateway/live/sources.ts'
import { readSupergraph } from '@quimbi/gateway/server.ts'
import { inMemory, overHttp, type SubgraphCall } from '@quimbi/gateway/subgraph-calls.ts'
import { placeNow } from '@quimbi/intelligence/live/cursor.ts'
import { sessionStates } from '@quimbi/support/agents/sessions-door.ts'
import { createAgent } from '@quimbi/support/agents/service.ts'
import { doerOf } from '@quimbi/support/log/actors.ts'
import { positionNow } from '@quimbi/support/log/position.ts'
import { changeTicket } from '@quimbi/support/tickets/change.ts'
import type { Step } from '@quimbi/support/tickets/steps.ts'
import type { FormattedExecutionResult } from 'graphql'
import { Registry } from 'prom-client'
import { systemClock } from '@quimbi/service/clock.ts'
import { aTenant, logIn, now, openWorld, type World } from './kit.ts'

export type Way = 'in memory' | 'over HTTP'
export type LiveWorld = Awaited<ReturnType<typeof openLiveWorld>>
type Tenant = Awaited<ReturnType<typeof aTenant>>

/** A world with a live gateway of its own, whose ways to the subgraphs are counted and can be slowed. */
export async function openLiveWorld(way: Way, liveLimits: Partial<LiveLimits> = {}, limits?: Limits) {
  const world = await openWorld()
  const { support, intelligence } = world.supergraph
  const counts = { upstreams: 0, rests: 0 }
  /** What becomes of a question to Intelligence. */
  const insight = { before: async (): Promise<void> => {} }
  const means = way === 'in memory' ? inProcess(world) : await overTheWire(world)
  const counted =
    (subscribe: Subscribe): Subscribe =>
    (operation, facts) => {
      counts.upstreams += 1
      return subscribe(operation, facts)
    }
  const asked: SubgraphCall = async (operation, facts, signal) => {
    counts.rests += 1
    await insight.before()
    return means.calls.intelligence(operation, facts, signal)
  }
  const { streams } = means.sources
  const registry = new Registry()
  const gateway = await createGateway({
    supergraphSdl: readSupergraph(),
    calls: { support: means.calls.support, intelligence: asked },
    live: {
      ...means.sources,
      streams: { support: counted(streams.support), intelligence: counted(streams.intelligence) },
    },
    liveLimits,
    limits,
    log: createLogger({ service: 'gateway', level: 'silent' }),
    metrics: createMetrics('gateway', registry),
    clock: world.clock,
    verifier: world.verifier,
    introspection: false,
  })
  const { live } = gateway
  if (!live) throw new Error('The gateway serves no subscriptions.')

  const opened: Results[] = []
  async function subscribe(token: string, query: string, variables: Record<string, unknown> = {}): Promise<Results> {
    const outcome = await tried(token, query, variables)
    if (Symbol.asyncIterator in outcome) {
      opened.push(outcome)
      return outcome
    }
    throw new Error(`The subscription was refused: ${JSON.stringify(outcome)}`)
  }
  const tried = (token: string | undefined, query: string, variables: Record<string, unknown> = {}) =>
    live.subscribe(
      { query, variables },
      { requestId: 'test-request', caller: null, ...(token && { authorization: `Bearer ${token}` }) },
    )

  return {
    world,
    gateway,
    live,
    registry,
    counts,
    insight,
    means,
    subscribe,
    tried,
    /** Leaves every subscription. */
    leave: async () => void (await Promise.all(opened.splice(0).map((results) => results.return(undefined)))),
    async close() {
      await gateway.stop()
      await means.close()
      await world.close()
    },
    settle: async () => void (await Promise.all([support.sequence(), intelligence.sequence()])),
  }
}

function inProcess({ support, intelligence, supergraph }: World) {
  const sources = {
    streams: {
      support: streamInMemory(supergraph.support.subgraph),
      intelligence: streamInMemory(supergraph.intelligence.subgraph),
    },
    positions: {
      support: (tenantId: string) => positionNow(support, tenantId),
      intelligence: (tenantId: string) => placeNow(intelligence.forTenant(tenantId), tenantId),
    },
    sessions: (asked) => sessionStates(support.systemPool, asked),
  } satisfies LiveSources
  const calls = {
    support: inMemory(supergraph.support.subgraph),
    intelligence: inMemory(supergraph.intelligence.subgraph),
  }
  const none = async () => {}
  return { sources, calls, cut: none, takeAway: none, bringBack: none, close: none }
}

async function overTheWire(world: World) {
  const keys = world.secrets.SERVICE_KEYS
  const log = createLogger({ service: 'test', level: 'silent' })
  const open = new Map<Socket, string>()
  const away = new Set<string>()
  const serve = async (name: 'support' | 'intelligence', port = 0) => {
    const module = world.supergraph[name]
    const http = createHttp({
      service: name,
      log,
      metrics: createMetrics(name, new Registry()),
      signatures: createSignatureVerifier({ keys, nonces: memoryNonces({ clock: systemClock }), clock: systemClock }),
      readiness: async () => ({}),
    })
    await http.app.register(module.subgraph.routes)
    if (module.subgraph.live) http.upgrade('/graphql', module.subgraph.live.sockets)
    if (module.routes) await http.app.register(module.routes)
    http.app.server.on('connection', (socket: Socket) => {
      if (away.has(name)) return void socket.destroy()
      open.set(socket, name)
      socket.once('close', () => open.delete(socket))
    })
    return { http, ...(await http.listen(port, '127.0.0.1')) }
  }
  const servers = { support: await serve('support'), intelligence: await serve('intelligence') }
  const signer = createSigner(keys, 'gateway')
  const client = (name: keyof typeof servers): ServiceClient =>
    createServiceClient({ baseUrl: servers[name].url, signer, timeoutMs: 5_000 })
  const clients = { support: client('support'), intelligence: client('intelligence') }
  const remotes = {
    support: createRemoteStream({ url: servers.support.url, signer }),
    intelligence: createRemoteStream({ url: servers.intelligence.url, signer }),
  }
  const sources = {
    streams: { support: remotes.support.stream, intelligence: remotes.intelligence.stream },
    positions: { support: positionOverHttp(clients.support), intelligence: positionOverHttp(clients.intelligence) },
    sessions: sessionsOverHttp(clients.support),
  } satisfies LiveSources
  return {
    sources,
    calls: { support: overHttp(clients.support), intelligence: overHttp(clients.intelligence) },
    /** Cuts every connection to the subgraphs at once. */
    cut: async () => open.forEach((_, socket) => socket.destroy()),
    servers,
    signerOf: (service: 'gateway' | 'support' | 'intelligence') => createSigner(keys, service),
    /** Nobody gets through to a service until it is back. */
    async takeAway(name: keyof typeof servers) {
      away.add(name)
      for (const [socket, to] of open) if (to === name) socket.destroy()
    },
    bringBack: async (name: keyof typeof servers) => void away.delete(name),
    async close() {
      await Promise.all([remotes.support.close(), remotes.intelligence.close()])
      await Promise.all([clients.support.close(), clients.intelligence.close()])
      await Promise.all([servers.support.http.drain(1_000), servers.intelligence.http.drain(1_000)])
    },
  }
}

/** The gateway's doors, as its own process opens them. */
export async function openDoors({ gateway: { routes }, live }: LiveWorld) {
  const log = createLogger({ service: 'gateway', level: 'silent' })
  const metrics = createMetrics('gateway', new Registry())
  const http = createHttp({ service: 'gateway', log, metrics, readiness: async () => ({}) })
  await http.app.register(routes)
  await http.app.register(live.streams)
  http.upgrade('/graphql', live.sockets)
  const { url } = await http.listen(0, '127.0.0.1')
  return { url: `${url}/graphql`, close: () => http.drain(500) }
}

/** An agent of a role, logged in. */
export async function anAgent({ world }: LiveWorld, tenant: Tenant, role: AgentRole, name: string) {
  const { viewer, login } = tenant
  const email = `${name}@${login.tenant}.example`
  const agent = await world.support.transact(viewer.tenantId, (tx) =>
    createAgent(tx, viewer, { name, email, password: login.password, role }, now),
  )
  const token = await logIn(world, { ...tenant, login: { ...login, email } })
  return { ...agent, token }
}

/** Changes a ticket, and puts what happened into the log. */
export async function change({ world }: LiveWorld, ticket: { tenantId: string; id: string }, ...steps: Step[]) {
  const { tenantId, id } = ticket
  const viewer = { kind: 'service', service: 'support', tenantId } as const
  const call = { tenantId, id, who: doerOf(viewer), now }
  await world.support.transact(tenantId, (tx) => changeTicket(tx, call, () => steps))
  await world.supergraph.support.sequence()
}

export const tagged = (...tags: string[]): Step => ({ type: 'TAGGED', set: { tags } })
export const assigned = (assigneeId: string | null): Step => ({
  type: assigneeId ? 'ASSIGNED' : 'UNASSIGNED',
  set: { assigneeId },
})

type Event = { cursor: string; type: string; ticket: Record<string, unknown> | null } & Record<string, unknown>

/** The next event; throws where the stream is over or has none. */
export async function nextEvent(results: Results): Promise<{ event: Event; result: FormattedExecutionResult }> {
  const { value, done } = await results.next()
  if (done || !value.data) throw new Error(`There is no event: ${JSON.stringify(value)}`)
  return { event: value.data['inboxUpdated'] as Event, result: value }
}
