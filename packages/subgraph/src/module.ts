import { traceJobs } from '@quimbi/database/job-traces.ts'
import { prepareJobs, startWorker, type Cron, type Job } from '@quimbi/database/jobs.ts'
import type { Database } from '@quimbi/database/open.ts'
import type { Bus } from '@quimbi/events/bus.ts'
import { directSource, type FeedSource } from '@quimbi/events/feed.ts'
import { createReceiver, type Handlers, type ReceiverOptions } from '@quimbi/events/receiver.ts'
import { createSequencer } from '@quimbi/events/sequencer.ts'
import { jobTraces } from '@quimbi/events/trace.ts'
import type { Transaction } from '@quimbi/events/transaction.ts'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { createSubgraph, type GraphQLDoor, type Subgraph } from '@quimbi/service/graphql.ts'
import type { HttpServer } from '@quimbi/service/http.ts'
import type { Live } from '@quimbi/service/subscriptions.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import { mergeResolvers } from '@quimbi/service/modules.ts'
import type { TokenVerifier } from '@quimbi/service/tokens.ts'
import type { WebSocketDoor } from '@quimbi/service/websocket.ts'
import type { FastifyPluginAsync } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { eventMetrics } from './event-metrics.ts'

/** What a subgraph is given by whoever composes the process. `Db`: its database. */
export type Surroundings<Db> = {
  database: Db
  /** Of the owner of the tables: the job library keeps its own schema. */
  databaseUrl: string
  /** The other subgraph's log. */
  peer: FeedSource
  bus: Bus
  log: Logger
  metrics: Metrics
  clock: Clock
  verifier: TokenVerifier
  /** Whether others than the gateway may introspect. */
  introspection: boolean
}

/** What a subgraph is. */
export type Definition<C extends object, Tx extends Transaction> = {
  name: 'support' | 'intelligence'
  peerName: 'support' | 'intelligence'
  typeDefs: string
  resolvers: readonly Readonly<Record<string, object>>[]
  context(facts: Facts): Promise<C>
  /** Of a subgraph with subscriptions. */
  live?: Live<C>
  /** What to do with the other subgraph's events. */
  handlers: Handlers<Tx>
  crons: readonly Cron[]
  /** Work that is enqueued by what happens, beside the crons'. */
  jobs?: readonly Job[]
  /** What runs by itself beside them: timers, followers of its own log. Started last, stopped first. */
  background?: readonly Background[]
  /** Doors besides the graph: files, links, what others post. */
  routes?: FastifyPluginAsync
}

/** For whoever comes with a key: a graph of its own, in every process that serves it. */
export type PartnerDoor = {
  schema: GraphQLSchema
  /** The same as text, with costs. */
  sdl: string
  /** Runs an operation in this process. Never throws: failures are in `errors`, masked. */
  execute: GraphQLDoor<object>['execute']
  routes: FastifyPluginAsync
  /** For `HttpServer.upgrade(path, sockets)`. */
  sockets: WebSocketDoor
  path: string
  stop(): Promise<void>
}

/** Opens it in a process. */
export async function mountPartner(http: HttpServer, { routes, path, sockets }: PartnerDoor): Promise<void> {
  await http.app.register(routes)
  http.upgrade(path, sockets)
}

/** Something that runs by itself from start to stop. */
export type Background = {
  name: string
  start(): Promise<void> | void
  stop(): Promise<void>
  /** Resolves when it has done what there was to do when it was called. */
  drain?(): Promise<void>
}

/** A subgraph with its event plumbing and jobs: the same in one process with the others and in its own. */
export type Module<C extends object> = {
  subgraph: Subgraph<C>
  /** Its log, for the other. */
  feed: FeedSource
  /** Starts what runs by itself: sequencer, receiver, jobs. */
  start(): Promise<void>
  /** Puts what is committed into the log. */
  sequence(): Promise<void>
  /** Applies what the other's log holds. */
  receive(): Promise<void>
  /** Lets all that runs by itself do what there is to do, in order. */
  settle(): Promise<void>
  /** Doors besides the graph. */
  routes: FastifyPluginAsync | undefined
  partner?: PartnerDoor
  stop(): Promise<void>
}

export async function createModule<C extends object, Client, Tx extends Transaction>(
  definition: Definition<C, Tx>,
  { database, databaseUrl, peer, bus, log, metrics, introspection }: Surroundings<Database<Client, Tx>>,
): Promise<Module<C>> {
  const { name, peerName, typeDefs, resolvers, context, live, handlers, crons, background = [] } = definition
  const merged = mergeResolvers(resolvers)
  const doors = { context, live, log, metrics, introspection }
  const subgraph = await createSubgraph<C>({ name, typeDefs, resolvers: merged, ...doors })
  const measured = eventMetrics(metrics.registry)
  const sequencer = createSequencer({ pool: database.systemPool, bus, log, name, metrics: measured.sequencer })
  const receiver = createReceiver<Tx>({
    source: peer,
    sourceName: peerName,
    database: database.system as ReceiverOptions<Tx>['database'],
    handlers,
    bus,
    log,
    metrics: measured.receiver,
  })
  const unsubscribe = database.onCommit(() => sequencer.wake())
  let worker: { stop(): Promise<void> } | undefined
  return {
    subgraph,
    feed: directSource(database.systemPool),
    async start() {
      traceJobs(jobTraces)
      sequencer.start()
      receiver.start()
      await prepareJobs(databaseUrl, log)
      const jobs = [...crons.map(({ job }) => job), ...(definition.jobs ?? [])]
      worker = await startWorker({ url: databaseUrl, jobs, crons, concurrency: 2, log })
      for (const one of background) await one.start()
    },
    sequence: () => sequencer.drain(),
    async receive() {
      await receiver.drain()
    },
    async settle() {
      await sequencer.drain()
      for (const one of background) await one.drain?.()
    },
    routes: definition.routes,
    async stop() {
      unsubscribe()
      await Promise.all(background.map((one) => one.stop()))
      await Promise.all([worker?.stop(), receiver.stop(), sequencer.stop()])
      await subgraph.stop()
    },
  }
}
