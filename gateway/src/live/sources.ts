import { randomUUID } from 'node:crypto'
import type { Facts } from '@quimbi/service/authenticate.ts'
import type { ServiceClient } from '@quimbi/service/client.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Subscribe } from '@quimbi/service/subscriptions.ts'
import { agentRoles, type AgentRole } from '@quimbi/service/viewer.ts'
import { z } from 'zod'

/** How the gateway subscribes at a subgraph: it rejects with SUBGRAPH_UNAVAILABLE where the way to it was lost. */
export type SubgraphStream = Subscribe

/** A subgraph in this process. */
export const streamInMemory =
  (subgraph: { live: { subscribe: Subscribe } | undefined }): SubgraphStream =>
  (operation, facts) => {
    if (!subgraph.live) throw codedError('SUBGRAPH_UNAVAILABLE', 'The service has no subscriptions')
    return subgraph.live.subscribe(operation, { ...facts, caller: 'gateway' })
  }

export type SessionQuestion = { tenantId: string; sessionId: string }

/** `overseer`: may see every ticket. */
export type SessionState = { open: true; role: AgentRole; overseer: boolean } | { open: false }

/** Tells which sessions stand, in the order in which they are asked for; of all tenants. */
export type AskSessions = (asked: readonly SessionQuestion[], signal?: AbortSignal) => Promise<SessionState[]>

/** The cursor after which a tenant's streams of one subgraph tell only what comes from now on. */
export type AskPosition = (tenantId: string, signal?: AbortSignal) => Promise<string>

/** What the live gateway hears from. */
export type LiveSources = {
  /** By the subgraph's name in the supergraph. */
  streams: Readonly<Record<string, SubgraphStream>>
  /** Of the subgraphs whose streams have cursors. */
  positions: Readonly<Record<string, AskPosition>>
  sessions: AskSessions
}

const states = z.array(
  z.discriminatedUnion('open', [
    z.object({ open: z.literal(true), role: z.enum(agentRoles), overseer: z.boolean() }),
    z.object({ open: z.literal(false) }),
  ]),
)

/** Support's sessions, asked over signed HTTP. */
export const sessionsOverHttp =
  (client: ServiceClient): AskSessions =>
  async (asked, signal) => {
    const answer = await ask(client, '/internal/sessions', asked, states, signal)
    if (answer.length !== asked.length) throw unusable()
    return answer
  }

/** A subgraph's position, asked over signed HTTP. */
export const positionOverHttp =
  (client: ServiceClient): AskPosition =>
  async (tenantId, signal) =>
    (await ask(client, '/internal/position', { tenantId }, z.object({ cursor: z.string() }), signal)).cursor

async function ask<T>(
  client: ServiceClient,
  path: string,
  question: unknown,
  schema: z.ZodType<T>,
  signal?: AbortSignal,
) {
  const { status, body } = await client.post(path, JSON.stringify(question), { signal, requestId: randomUUID() })
  const answer = status === 200 ? schema.safeParse(jsonOf(body)) : null
  if (!answer?.success) throw unusable()
  return answer.data
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const unusable = () => codedError('SUBGRAPH_UNAVAILABLE', 'The service cannot answer', { retryable: true })

/** Who asks for all of a tenant's agents. */
export const forTenant = (tenantId: string): Facts => ({ requestId: randomUUID(), caller: 'gateway', tenantId })
