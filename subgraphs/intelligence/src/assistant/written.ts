import type { Situation, Wish } from './situation.ts'

export const citationSources = ['MESSAGE', 'ORDER', 'SHIPMENT', 'PAST_TICKET', 'PROFILE', 'POLICY'] as const
export type CitationSource = (typeof citationSources)[number]

/** The record that a fact rests on, and the words or figures of it. A profile's id is the customer's. */
export type Cite = { source: CitationSource; id: string; quote: string }

/** One sentence. Without cites it states no fact. What fits no channel any more is left out from importance 3 on; 1 stays. */
export type Sentence = { text: string; cites: readonly Cite[]; importance: 1 | 2 | 3 }

/** What a generator writes: the body, without greeting and signature, which are set around it. */
export type Written = {
  paragraphs: readonly (readonly Sentence[])[]
  /** what of the customer was used, in plain words */
  personalization: readonly string[]
  /** why it says what it says, for the agent */
  reasoning: string
  /** 0 to 1: that it can be sent as it is */
  confidence: number
}

export type WriteOptions = {
  signal?: AbortSignal | undefined
  /** Told of the text as it comes, where it comes bit by bit: what is shown before it is verified. */
  onText?: ((text: string) => void) | undefined
}

/** What writes. Rejects when it cannot; what it wrote is not to be trusted before it was verified. */
export type Generator = {
  /** as answers name it, e.g. `built-in` or `openai:gpt-5-mini` */
  name: string
  write(situation: Situation, wish: Wish, options?: WriteOptions): Promise<Written>
}

export type LimitUnit = 'CHARACTERS' | 'WORDS'
export type ChannelLimit = { unit: LimitUnit; max: number; used: number }

/** A message within its channel's limit: what is sent, and which records its sentences rest on. */
export type Message = {
  content: string
  limit: ChannelLimit
  citations: readonly (Cite & { sentence: string })[]
}
