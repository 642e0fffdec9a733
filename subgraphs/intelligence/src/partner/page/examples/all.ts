import { adviceExamples } from './advice.ts'
import type { Example } from './example.ts'
import { insightExamples } from './insight.ts'
import { listExamples } from './lists.ts'
import { accountExamples, liveExamples } from './live.ts'
import { sendingExamples } from './sending.ts'
import { readingExamples, writingExamples } from './words.ts'

/** By the operation's name, in the order in which they are shown. */
export const examples: Readonly<Record<string, Example>> = {
  ...insightExamples,
  ...listExamples,
  ...adviceExamples,
  ...readingExamples,
  ...writingExamples,
  ...sendingExamples,
  ...liveExamples,
  ...accountExamples,
}
