import { createBreaker } from '@quimbi/service/breaker.ts'
import { breakerMetrics } from '@quimbi/service/breaker-metrics.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import OpenAI from 'openai'
import type { z } from 'zod'
import type { IntelligenceDatabase } from '../../database.ts'
import type { Generator } from '../written.ts'
import { answerSchema, type AnswerSchema } from './answer-schema.ts'
import { createCalls } from './calls.ts'
import { cappedFetch } from './capped-fetch.ts'
import { failureOf, isUnwell } from './failures.ts'
import { modelMetrics } from './metrics.ts'
import { createOpenAIGenerator } from './openai.ts'
import { createPatience } from './patience.ts'
import type { ModelConfig } from './settings.ts'

/** What is asked besides a message. Personal data in it is the caller's to hide. */
export type Question<T> = { system: string; user: string; schema: z.ZodType<T>; signal?: AbortSignal | undefined }

/** The language model of this process. `purpose`: a name from a small closed set, which metrics and accounts go by. */
export type AssistantModel = {
  /** as answers name it */
  name: string
  generatorFor(tenantId: string, purpose: string): Generator
  /** An answer of the schema's shape. Rejects with a model failure (see failures.ts), or the signal's reason. */
  complete<T>(tenantId: string, purpose: string, question: Question<T>): Promise<T>
}

export type ModelMeans = {
  clock: Clock
  log: Logger
  metrics: Metrics
  database: Pick<IntelligenceDatabase, 'forTenant'>
  limits?: Partial<ModelLimits>
  /** from 0 to 1, for the pause before a second try */
  random?: () => number
}

export type ModelLimits = {
  /** calls at once */
  perProcess: number
  /** calls at once: one tenant must not take all */
  perTenant: number
  /** of an answer as it travels, and of its text */
  maxBytes: number
  maxCharacters: number
  /** failed calls in a row, each tried twice, after which the server is left alone */
  failures: number
  /** how long it is left alone until one call may try */
  pauseMs: number
  /** the shortest silence that counts as one */
  leastSilenceMs: number
  /** the same while nothing is known of the server: several who wait for one that hangs must not wait longer than a second */
  coldSilenceMs: number
}

const usual: ModelLimits = {
  perProcess: 16,
  perTenant: 4,
  maxBytes: 2 * 1024 * 1024,
  maxCharacters: 32_000,
  failures: 2,
  pauseMs: 5_000,
  leastSilenceMs: 300,
  coldSilenceMs: 700,
}

/** Of an answer to a question. */
const maxTokens = 1_500

/** Undefined without a key. The server's address and the key stay in here. */
export function openModel(config: ModelConfig, means: ModelMeans): AssistantModel | undefined {
  const { OPENAI_API_KEY: apiKey, OPENAI_MODEL: model, OPENAI_TIMEOUT_MS: timeoutMs } = config
  if (apiKey === undefined) return undefined
  const limits = { ...usual, ...means.limits }
  const name = `openai:${model}`
  const call = createCalls({
    ...{ timeoutMs, generator: name, dailyTokens: config.OPENAI_DAILY_TOKENS, random: means.random ?? Math.random },
    server: {
      client: clientOf({ ...config, apiKey }, limits),
      model,
      maxCharacters: limits.maxCharacters,
      plain: new Set(),
    },
    breaker: createBreaker({
      clock: means.clock,
      failures: limits.failures,
      pauseMs: limits.pauseMs,
      isFailure: isUnwell,
      // Whoever left, what is over budget and what failed here say nothing of the server.
      isSilent: (error) => failureOf(error) === null || failureOf(error) === 'MODEL_BUDGET',
      metrics: breakerMetrics(means.metrics.registry, 'intelligence', 'model'),
    }),
    patience: createPatience({
      leastMs: limits.leastSilenceMs,
      coldMs: limits.coldSilenceMs,
      mostMs: timeoutMs / 3,
    }),
    prices: { input: config.OPENAI_INPUT_PRICE, output: config.OPENAI_OUTPUT_PRICE },
    most: { process: limits.perProcess, tenant: limits.perTenant },
    clock: means.clock,
    log: means.log,
    metrics: modelMetrics(means.metrics.registry),
    database: means.database,
  })
  const schemaOf = rememberedSchemas()
  return {
    name,
    generatorFor: (tenantId, purpose) => createOpenAIGenerator({ name, tenantId, purpose }, { call }),
    complete(tenantId, purpose, { system, user, schema, signal }) {
      const prompt = { system, user, maxTokens, schema: schemaOf(purpose, schema) }
      return call({ tenantId, purpose, signal, shape: schema, prompt })
    },
  }
}

/** A schema is that of one purpose; to write it anew each time costs more than to refuse the call. */
function rememberedSchemas(): typeof answerSchema {
  const known = new WeakMap<z.ZodType, AnswerSchema>()
  return (purpose, schema) => {
    const written = known.get(schema) ?? answerSchema(purpose, schema)
    known.set(schema, written)
    return written
  }
}

/** The package reads variables of its own where it is not told; it says nothing by itself. */
function clientOf(config: ModelConfig & { apiKey: string }, { maxBytes }: ModelLimits): OpenAI {
  return new OpenAI({
    apiKey: config.apiKey,
    baseURL: config.OPENAI_BASE_URL,
    timeout: config.OPENAI_TIMEOUT_MS,
    maxRetries: 0,
    fetch: cappedFetch(maxBytes),
    logLevel: 'off',
    ...{ adminAPIKey: null, organization: null, project: null, webhookSecret: null },
  })
}
