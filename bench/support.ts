// How many changes of tickets Support takes: fifty writers at once through the subgraph, on a durable PostgreSQL.
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createLinks } from '@quimbi/service/links.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createLoginLimiter } from '@quimbi/service/rate-limit.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenIssuer, createTokenVerifier } from '@quimbi/service/tokens.ts'
import { createSupport } from '@quimbi/support/app.ts'
import { openSupportDatabase } from '@quimbi/support/database.ts'
import { join } from 'node:path'
import type { BenchOptions, BenchResult } from './lib/contract.ts'
import { openBenchDatabase } from './lib/database.ts'
import { quantile } from './lib/quantile.ts'
import { kinds, load, writers, type Ask } from './lib/support-work.ts'
import { buildWorld, readWorld, tenantId } from './lib/support-world.ts'

/** Of what fifty who never pause reach: the load at which waiting times are read. */
const pacedShare = 0.6

/** `mutationsPerSecond`: of fifty who never pause; `p95Ms`: at `pacedPerSecond`, counted from when each was due; `cpuMs`: of this process and PostgreSQL per mutation. @public */
export async function run({ seconds, quick, log }: BenchOptions): Promise<BenchResult> {
  const server = await openBenchDatabase('support', { durable: true })
  const database = await openSupportDatabase({ url: server.url, max: 10 })
  const secrets = generateSecrets()
  const [privateKey, publicKeys] = [
    JSON.parse(secrets.AGENT_TOKEN_PRIVATE_KEY),
    JSON.parse(secrets.AGENT_TOKEN_PUBLIC_KEYS),
  ]
  const bus = createMemoryBus()
  const module = await createSupport({
    database,
    databaseUrl: server.url,
    peer: { pull: async () => ({ events: [], position: 0n, head: 0n, atEnd: true }) },
    bus,
    log: createLogger({ service: 'support', level: 'error' }),
    metrics: createMetrics('support'),
    clock: systemClock,
    verifier: createTokenVerifier(publicKeys),
    introspection: false,
    issuer: createTokenIssuer(privateKey),
    limiter: createLoginLimiter(),
    links: createLinks(privateKey, publicKeys),
    settings: { publicUrl: 'http://support.example', filesDir: join(server.folder, 'files') },
  })
  try {
    const tickets = quick ? 1_000 : 100_000
    log(`${tickets.toLocaleString('en')} tickets, ${writers} writers`)
    const agents = await buildWorld(server.url, tickets)
    const issuer = createTokenIssuer(privateKey)
    const tokens = await Promise.all(
      agents.map(async ({ agentId, sessionId }) => {
        const claims = { agentId, sessionId, tenantId, role: 'SENIOR_AGENT' as const }
        return (await issuer.issue(claims, new Date())).token
      }),
    )
    const world = await readWorld(
      server.url,
      tokens,
      agents.map(({ agentId }) => agentId),
    )
    await module.start()
    const ask: Ask = async (token, query, input) => {
      const facts = { requestId: 'bench', caller: null, address: '127.0.0.1', authorization: `Bearer ${token}` }
      const { data, errors } = await module.subgraph.execute({ query, variables: { input } }, facts)
      const [answer] = Object.values(
        (data ?? {}) as Record<string, { userErrors: { code: string; message: string }[] }>,
      )
      const refusal = errors?.[0]?.message ?? answer?.userErrors[0]?.message
      if (refusal) throw new Error(refusal)
    }
    await load(ask, world, quick ? 0.5 : 5) // warm: connections, plans, compiled code
    const measured = await load(ask, world, quick ? 1 : (seconds ?? 60) / 2)
    await module.settle()
    const all = measured.samples.map(({ ms }) => ms)
    const rate = all.length / measured.seconds
    // Fifty who never pause wait for each other whatever the server does (50 / rate is their mean); a team at work leaves room.
    const paced = await load(ask, world, quick ? 1 : (seconds ?? 60) / 2, rate * pacedShare)
    const pacedMs = paced.samples.map(({ ms }) => ms)
    const names = kinds.map(({ name }) => name)
    return {
      table: {
        columns: ['mutation', 'count', 'p50 ms', 'p95 ms', 'paced p50 ms', 'paced p95 ms'],
        rows: ['all', ...names].map((name) => {
          const [own, calm] = [measured, paced].map(({ samples }) =>
            samples.filter((one) => name === 'all' || one.name === name).map(({ ms }) => ms),
          ) as [number[], number[]]
          return [name, own.length, quantile(own, 0.5), quantile(own, 0.95), quantile(calm, 0.5), quantile(calm, 0.95)]
        }),
      },
      figures: {
        mutationsPerSecond: Math.round(rate),
        p95Ms: quantile(pacedMs, 0.95),
        pacedPerSecond: Math.round(pacedMs.length / paced.seconds),
        saturatedP95Ms: quantile(all, 0.95),
        cpuMs: Number((measured.cpuMicros / all.length / 1_000).toFixed(2)),
        ownCpuMs: Number((measured.ownMicros / all.length / 1_000).toFixed(2)),
        writers,
        tickets,
      },
    }
  } finally {
    await module.stop()
    await bus.close()
    await database.close()
    await server.close()
  }
}
