import { type Emotion, emotionOf } from './emotion.ts'
import { shopValence, withoutManners } from './valence.ts'
import { compoundOf, compoundOfSum, sumOf } from './vader.ts'

/** `score`: 0 negative … 1 positive; `confidence`: how probably the text is on that side of neutral, or neutral. */
export type Sentiment = { score: number; emotion: Emotion; confidence: number }

/** The sentiment of a text, 0 … 1, without training: VADER, less manners, more of what customers of a shop say. */
export const lexicalScore = (text: string): number =>
  0.5 + 0.5 * compoundOfSum(sumOf(compoundOf(withoutManners(text))) + shopValence(text))

const newestTextShare = 0.6

/** The sentiment of what a customer wrote, oldest first: the newest text counts most, for moods change. Neutral where nothing was written. */
export function sentimentOf(texts: readonly string[], scoreOf: (text: string) => number = lexicalScore): Sentiment {
  const newest = texts.at(-1)
  if (newest === undefined) return { score: 0.5, emotion: 'neutral', confidence: 0 }
  const scores = texts.map((text) => scoreOf(text))
  const [first = 0.5, ...later] = scores
  const score = later.reduce((mean, next) => mean + newestTextShare * (next - mean), first)
  return { score, emotion: emotionOf(newest, scores.at(-1)!), confidence: confidenceOf(score) }
}

// The further from neutral, the surer; where exactly is set by hand: no ratings of support messages are at hand to fit it on.
const confidenceOf = (score: number): number => {
  const distance = Math.abs(score - 0.5) * 2
  return distance < 0.05 ? 0.5 : 1 / (1 + Math.exp(-(confidenceAt.intercept + confidenceAt.slope * distance)))
}
const confidenceAt = { intercept: 0.2, slope: 3.6 }
