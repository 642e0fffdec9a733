import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@quimbi/database/ids.ts'
import { openModel } from '@quimbi/intelligence/assistant/model/means.ts'
import {
  hangs,
  refuses,
  startModelServer,
  streams,
  type Behaviour,
} from '@quimbi/intelligence/assistant/model/server.test-kit.ts'
import { modelEnvironment } from '@quimbi/intelligence/assistant/model/settings.ts'
import type { Situation, Wish } from '@quimbi/intelligence/assistant/situation.ts'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { systemClock } from '@quimbi/service/clock.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { createMetrics } from '@quimbi/service/metrics.ts'
import { Registry } from 'prom-client'
import { z } from 'zod'
import { openBenchDatabase } from './database.ts'

const answer = JSON.stringify({
  paragraphs: [[{ text: 'Thank you for your message.', cites: [], importance: 1 }]],
  ...{ personalization: [], reasoning: 'It was asked.', confidence: 0.5 },
})

/** Callers that keep asking, as agents who open tickets do. */
const callers = 4
const longestMs = 10_000

/**
 * From the first question to a model server that has broken until it is left alone; the longest of a server that refuses and one that
 * never answers, each after it had answered and from the start. */
export async function breakerOpenMs(situation: Situation, wish: Wish): Promise<number> {
  const { url, close } = await openBenchDatabase('intelligence', { durable: false })
  const database = await openIntelligenceDatabase({ url, max: 8 })
  try {
    const times: number[] = []
    for (const behaviour of [refuses(500), hangs])
      for (const isKnown of [true, false]) times.push(await opensIn(behaviour, { database, situation, wish, isKnown }))
    return Math.round(Math.max(...times))
  } finally {
    await database.close()
    await close()
  }
}

type Scene = {
  database: Awaited<ReturnType<typeof openIntelligenceDatabase>>
  situation: Situation
  wish: Wish
  isKnown: boolean
}

async function opensIn(behaviour: Behaviour, { database, situation, wish, isKnown }: Scene): Promise<number> {
  const server = await startModelServer()
  server.behave(streams(answer))
  const registry = new Registry()
  const model = openModel(
    z
      .object(modelEnvironment)
      .parse({ OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'small' }),
    {
      clock: systemClock,
      log: createLogger({ service: 'bench', level: 'silent' }),
      metrics: createMetrics('intelligence', registry),
      database,
    },
  )
  if (!model) throw new Error('There is no model.')
  const generator = model.generatorFor(newId(), 'draft')
  // How long a server usually takes is learnt from what it took.
  for (let call = 0; call < (isKnown ? 20 : 0); call += 1) await generator.write(situation, wish)
  server.behave(behaviour)
  const started = performance.now()
  const leaving = new AbortController()
  const calling = Array.from({ length: callers }, async () => {
    while (!leaving.signal.aborted) {
      await generator.write(situation, wish, { signal: leaving.signal }).catch(() => {})
      await pause(1)
    }
  })
  try {
    while (!(await isOpen(registry))) {
      if (performance.now() - started > longestMs) throw new Error('The breaker did not open.')
      await pause(2)
    }
    return performance.now() - started
  } finally {
    leaving.abort(new Error('It is measured.'))
    await Promise.all(calling)
    await server.close()
  }
}

async function isOpen(registry: Registry): Promise<boolean> {
  const { values } = (await registry.getSingleMetric('quimbi_breaker_state')?.get()) ?? { values: [] }
  return values.some(({ labels, value }) => labels['dependency'] === 'model' && value === 2)
}
