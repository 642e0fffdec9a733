import { readEnvironment } from '@quimbi/service/config.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openModel } from './means.ts'
import { modelEnvironment } from './settings.ts'

const read = (environment: Record<string, string>) => readEnvironment(z.object(modelEnvironment), environment)
const means = {
  clock: systemClock,
  log: createLogger({ service: 'intelligence', level: 'silent' }),
  metrics: createMetrics('intelligence', new Registry()),
  database: { forTenant: () => expect.unreachable() },
}

describe('the model in the environment', () => {
  it('is none without a key', () => {
    for (const environment of [{}, { OPENAI_API_KEY: '' }, { OPENAI_BASE_URL: 'http://localhost:8080/v1' }]) {
      expect(openModel(read(environment), means)).toBeUndefined()
    }
  })

  it('is named by its model', () => {
    const key = { OPENAI_API_KEY: 'sk-1' }
    expect(openModel(read(key), means)?.name).toBe('openai:gpt-5.4-mini')
    expect(openModel(read({ ...key, OPENAI_MODEL: 'local' }), means)?.name).toBe('openai:local')
  })

  it('is told of every mistake at once, and of no secret', () => {
    const wrong = {
      OPENAI_API_KEY: '   ',
      OPENAI_BASE_URL: 'ftp://user:hunter2@models.example',
      OPENAI_TIMEOUT_MS: '99',
      OPENAI_DAILY_TOKENS: '-1',
      OPENAI_INPUT_PRICE: 'cheap',
      OPENAI_OUTPUT_PRICE: '-2',
    }
    const mistakes = () => read(wrong)
    for (const name of Object.keys(wrong)) expect(mistakes).toThrow(name)
    expect(mistakes).not.toThrow('hunter2')
  })
})
