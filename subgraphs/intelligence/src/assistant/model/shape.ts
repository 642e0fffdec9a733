import { z } from 'zod'
import { citationSources } from '../written.ts'
import { answerSchema } from './answer-schema.ts'

const text = (max: number, meaning: string) => z.string().max(max).describe(meaning)

const cite = z.object({
  source: z.enum(citationSources),
  id: text(200, 'the id of the record'),
  quote: text(500, 'the words or figures of the record that the sentence rests on, letter by letter'),
})

const sentence = z.object({
  text: text(1_000, 'one sentence'),
  cites: z.array(cite).max(10).describe('empty for a sentence that states no fact'),
  importance: z.literal([1, 2, 3]).describe('1 stays, 3 is left out first where there is no room'),
})

/** A message as a model writes it: `Written`. The sentences come first, so that they can be shown while the rest is written. */
export const writtenShape = z.object({
  paragraphs: z.array(z.array(sentence).min(1).max(12)).min(1).max(8),
  personalization: z.array(text(300, 'what of the customer was used, in plain words')).max(10),
  reasoning: text(2_000, 'why it says what it says, for the agent'),
  confidence: z.number().min(0).max(1).describe('that it can be sent as it is'),
})

export const writtenSchema = answerSchema('message', writtenShape)
