import { createLru, type Lru } from '@quimbi/service/lru.ts'
import type { Metrics } from '@quimbi/service/metrics.ts'
import type { Background } from '@quimbi/subgraph/module.ts'
import { composeMetrics, type ComposeMetrics } from './compose-metrics.ts'
import { compose } from './compose.ts'
import type { Composed } from './composer.ts'
import type { KeptDraft } from './drafts/store.ts'
import type { AssistantModel } from './model/means.ts'
import { createUnderWay, type UnderWay } from './under-way.ts'

/** What of a process writes. */
export type Assistant = {
  /** The language model; without one the built-in writer writes. */
  model: AssistantModel | undefined
  compose: typeof compose
  metrics: ComposeMetrics
  /** Drafts that are being written, by their ids. */
  drafts: UnderWay<KeptDraft>
  /** What the model wrote of late where nothing is kept, by all that it was written from. */
  messages: Lru<string, Composed>
  /** How long whoever opens a ticket waits for the model, before the built-in writer answers. */
  waitMs: number
}

export type AssistantOptions = {
  model?: AssistantModel | undefined
  metrics: Metrics
  draftWaitMs?: number | undefined
}

const usualWaitMs = 3_000
/** A few kilobytes each. */
const keptMessages = 500

export const createAssistant = ({ model, metrics, draftWaitMs = usualWaitMs }: AssistantOptions): Assistant => ({
  model,
  compose,
  metrics: composeMetrics(metrics.registry),
  drafts: createUnderWay(),
  messages: createLru(keptMessages),
  waitMs: draftWaitMs,
})

/** Ends what is being written when the process does. */
export const endDrafts = ({ drafts }: Assistant): Background => ({
  name: 'drafts',
  start: () => {},
  stop: () => drafts.stop(),
})
