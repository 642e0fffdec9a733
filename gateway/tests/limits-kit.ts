import { fixedClock } from '@quimbi/service/clock.ts'
import { createHttp } from '@quimbi/service/http.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import type { AgentRole } from '@quimbi/service/viewer.ts'
import { Registry } from 'prom-client'
import { parseSecrets } from '../../scripts/lib/secrets.ts'
import { createGateway } from '../src/gateway.ts'
import type { LimitsConfig } from '../src/limits/config.ts'
import { limitsOf } from '../src/limits/limits.ts'
import { readSupergraph } from '../src/server.ts'
import type { SubgraphCall } from '../src/subgraph-calls.ts'

const now = new Date('2026-11-02T12:00:00.000Z')

/** The gateway over HTTP with its limits; subgraphs that answer the same to everything and are counted. */
export async function openLimited(config: LimitsConfig = {}, { introspection = false, nodes = 3 } = {}) {
  const secrets = parseSecrets(generateSecrets())
  const clock = fixedClock(now)
  const log = createLogger({ service: 'gateway', level: 'silent' })
  const metrics = createMetrics('gateway', new Registry())
  const issuer = createTokenIssuer(secrets.AGENT_TOKEN_PRIVATE_KEY)
  const asked = { count: 0 }
  const answer = {
    inbox: { nodes: Array.from({ length: nodes }, (_, k) => ({ __typename: 'Ticket', id: `t${k}`, number: k })) },
    viewer: { __typename: 'Viewer', permissions: [] },
    login: { accessToken: null, userErrors: [] },
  }
  const call: SubgraphCall = async () => {
    asked.count++
    return { data: answer }
  }
  const gateway = await createGateway({
    supergraphSdl: readSupergraph(),
    calls: { support: call, intelligence: call },
    log,
    metrics,
    clock,
    verifier: createTokenVerifier(secrets.AGENT_TOKEN_PUBLIC_KEYS),
    introspection,
    limits: limitsOf(config, { clock }),
  })
  const http = createHttp({
    service: 'gateway',
    log,
    metrics,
    readiness: async () => ({}),
    origins: config.CORS_ORIGINS,
  })
  await http.app.register(gateway.routes)
  const { url } = await http.listen(0, '127.0.0.1')

  return {
    url,
    clock,
    gateway,
    metrics,
    /** Questions to subgraphs. */
    asked,
    async tokenOf(agentId: string, role: AgentRole = 'AGENT', tenantId = 'tenant'): Promise<string> {
      return (await issuer.issue({ agentId, sessionId: agentId, tenantId, role }, now)).token
    },
    async post(body: object, headers: Record<string, string> = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      return answered(response)
    },
    async get(parameters: Record<string, string>, headers: Record<string, string> = {}) {
      return answered(await fetch(`${url}/graphql?${new URLSearchParams(parameters).toString()}`, { headers }))
    },
    async close() {
      await http.drain()
      await gateway.stop()
    },
  }
}

type Answer = {
  data?: unknown
  errors?: { message: string; extensions: Record<string, unknown> }[]
  extensions?: Record<string, unknown>
}

async function answered(response: Response) {
  const body = (await response.json()) as Answer
  return { status: response.status, headers: response.headers, body, error: body.errors?.[0]?.extensions }
}
