import { newId } from '@quimbi/database/ids.ts'
import { createMemoryBus } from '@quimbi/events/bus.ts'
import { createIntelligence } from '@quimbi/intelligence/app.ts'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { createApiKey } from '@quimbi/intelligence/keys/service.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createGraphQL, type GraphQLDoor } from '@quimbi/service/graphql.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { closeRedis, connectRedis, redisReady, type RedisClient } from '@quimbi/service/redis.ts'
import { generateSecrets } from '@quimbi/service/secrets.ts'
import { createTokenVerifier } from '@quimbi/service/tokens.ts'
import { startRedis } from '@quimbi/testing/redis.ts'
import { Registry } from 'prom-client'
import { parseSecrets } from '../../scripts/lib/secrets.ts'
import { openBenchDatabase } from './database.ts'
import { quantile } from './quantile.ts'
import { tenantId } from './partner-world.ts'

// Nothing is read for it: what is left is the guard.
const query = 'query ($text: String!) { splitMessage(text: $text, channel: SMS) }'
const batch = 200
/** Who ask at the same time, as at a server that is busy. */
const clients = 8

/** What the guard of the partner door adds to a request's CPU in this process: medians over batches, guarded and unguarded by turns. */
export async function measureGuard(seconds: number): Promise<{ memoryMs: number; redisMs: number }> {
  const server = await openBenchDatabase('intelligence', { durable: true })
  const redis = await startRedis()
  const log = createLogger({ service: 'bench', level: 'silent' })
  const client = connectRedis(redis.url, log)
  try {
    await redisReady(client, 5_000)
    return {
      memoryMs: await measured(server.url, undefined, seconds / 2),
      redisMs: await measured(server.url, client, seconds / 2),
    }
  } finally {
    await closeRedis(client)
    await redis.stop()
    await server.close()
  }
}

async function measured(url: string, redis: RedisClient | undefined, seconds: number): Promise<number> {
  const log = createLogger({ service: 'bench', level: 'silent' })
  const bus = createMemoryBus(log)
  const database = await openIntelligenceDatabase({ url })
  const nothing = { events: [], position: 0n, head: 0n, atEnd: true }
  const module = await createIntelligence({
    ...{ database, databaseUrl: url, bus, log, clock: systemClock, introspection: false, redis },
    peer: { pull: () => Promise.resolve(nothing) },
    metrics: createMetrics('intelligence', new Registry()),
    verifier: createTokenVerifier(parseSecrets(generateSecrets()).AGENT_TOKEN_PUBLIC_KEYS),
  })
  const manager = { kind: 'agent', agentId: newId(), sessionId: newId(), role: 'ADMIN', tenantId } as const
  const { id: keyId, key } = await database.transact(tenantId, (tx) =>
    createApiKey(
      tx,
      { ...manager, expiresAt: new Date() },
      { name: 'bench', scopes: ['insight:read', 'generate'], requestsPerMinute: 100_000 },
      new Date(),
    ),
  )
  const viewer = { kind: 'partner', tenantId, keyId, scopes: ['insight:read', 'generate'] } as const
  const open = await createGraphQL(
    { schema: module.partner.schema },
    {
      context: () => Promise.resolve({ viewer, clock: systemClock, requestId: 'bench' }),
      log,
      metrics: createMetrics('intelligence', new Registry()),
      introspection: true,
    },
  )
  const spend = async (door: Pick<GraphQLDoor<object>, 'execute'>, apiKey?: string): Promise<number> => {
    const before = process.cpuUsage()
    const client = async (first: number): Promise<void> => {
      for (let n = first; n < batch; n += clients) {
        const operation = { query, variables: { text: `Hello ${n}. Your order has left.` } }
        const { errors } = await door.execute(operation, { requestId: 'bench', caller: null, apiKey })
        if (errors) throw new Error(JSON.stringify(errors[0]))
      }
    }
    await Promise.all(Array.from({ length: clients }, (_, first) => client(first)))
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000 / batch
  }
  try {
    const added: number[] = []
    for (let n = 0; n < 5; n++) await Promise.all([spend(open), spend(module.partner, key)])
    for (const until = performance.now() + seconds * 1_000; performance.now() < until || added.length < 5;) {
      const plain = await spend(open)
      added.push((await spend(module.partner, key)) - plain)
    }
    return quantile(added, 0.5, 3)
  } finally {
    await open.stop()
    await module.stop()
    await bus.close()
    await database.close()
  }
}
