import { Worker } from 'node:worker_threads'
import { generateCorpus } from './grammar/generate.ts'
import { none } from './grammar/taxonomy.ts'
import { trainText } from './text/text-model.ts'
import type { TriageModel } from './triage.ts'

const seed = 1
/** More of each phrase teaches hardly more, and takes longer. */
const perPhrase = 5

/** The model that comes with the product, from its own grammar: no text of anybody's. The same on every machine. Seconds of work. */
export function trainShipped(): TriageModel {
  const { texts, labels, groups } = generateCorpus({ seed, perPhrase })
  return { intents: trainText(texts, labels, { seed, groups, none }), sentiment: null }
}

let shipped: Promise<TriageModel> | undefined

/** The same, made once a process, off its thread; asking again after a failure tries again. */
export function shippedModel(): Promise<TriageModel> {
  shipped ??= trainInWorker().catch((error: unknown) => {
    shipped = undefined
    throw error
  })
  return shipped
}

const trainInWorker = (): Promise<TriageModel> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./shipped-worker.ts', import.meta.url))
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) =>
      reject(new Error(`The worker that trains triage ended with ${code}, without a model.`)),
    )
  })
