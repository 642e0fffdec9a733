import { newId } from '@quimbi/database/ids.ts'
import { fixedClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import { Registry } from 'prom-client'
import { z } from 'zod'
import { openIntelligenceDatabase } from '../../database.ts'
import { failureOf } from './failures.ts'
import { openModel, type AssistantModel, type ModelLimits } from './means.ts'
import { startModelServer } from './server.test-kit.ts'
import { modelEnvironment } from './settings.ts'

/** Must never be seen anywhere but in the header of a request. */
export const keyCanary = 'sk-canary-8f3b1c77e0d94a'

export const now = '2026-11-21T12:00:00.000Z'

export type Opened = Awaited<ReturnType<typeof openModelWorld>>

/** A server, a database, and models that are open to both. */
export async function openModelWorld() {
  const { url, drop } = await createTestDatabase('intelligence')
  const database = await openIntelligenceDatabase({ url, max: 4 })
  const server = await startModelServer()
  return {
    server,
    database,
    /** A model with its own breaker, metrics, log and tenant. */
    open(environment: Record<string, string | number> = {}, limits: Partial<ModelLimits> = {}) {
      const config = z.object(modelEnvironment).parse({
        ...{ OPENAI_API_KEY: keyCanary, OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'small' },
        ...environment,
      })
      const clock = fixedClock(now)
      const lines: string[] = []
      const log = createLogger({
        ...{ service: 'intelligence', level: 'trace' },
        destination: { write: (line: string) => void lines.push(line) },
      })
      const registry = new Registry()
      const metrics = createMetrics('intelligence', registry)
      // A machine that is busy must not look like a server that is silent.
      const long = config.OPENAI_TIMEOUT_MS
      const patient = { leastSilenceMs: long, coldSilenceMs: long, ...limits }
      const model = openModel(config, { clock, log, metrics, database, limits: patient, random: () => 0 })
      if (!model) throw new Error('no model')
      return { model, clock, lines, registry, tenantId: newId() }
    },
    async usage(tenantId: string) {
      const { rows } = await database.systemPool.query<Record<string, unknown>>(
        `SELECT day::text, generator, purpose, calls, failures, input_tokens::int AS input, output_tokens::int AS output,
           cost_micros::int AS cost FROM generation_usage WHERE tenant_id = $1 ORDER BY day, purpose`,
        [tenantId],
      )
      return rows
    },
    async close() {
      await server.close()
      await database.close()
      await drop()
    },
  }
}

export const fruit = z.object({ fruit: z.string() })
export const apple = '{"fruit":"apple"}'

/** Asks for a fruit. */
export const askFruit = (model: AssistantModel, tenantId: string, signal?: AbortSignal) =>
  model.complete(tenantId, 'questions', { system: 'Name a fruit.', user: 'Which?', schema: fruit, signal })

/** The failure that it rejects with, or what it answered. */
export const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => failureOf(error) ?? error)
