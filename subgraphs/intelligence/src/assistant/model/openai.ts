import type { Generator } from '../written.ts'
import { hide } from '../privacy/placeholders.ts'
import type { Calls } from './calls.ts'
import { systemPrompt, userPrompt } from './prompt.ts'
import { writtenSchema, writtenShape } from './shape.ts'
import { restoredPieces, sentenceReader } from './stream-text.ts'

/** Two hundred words with their cites, twice. */
const maxTokens = 2_000

export type GeneratorConfig = { name: string; tenantId: string; purpose: string }

/** Writes by a language model, which is told placeholders in place of personal data. What it writes is not verified here. */
export function createOpenAIGenerator(
  { name, tenantId, purpose }: GeneratorConfig,
  { call }: { call: Calls },
): Generator {
  return {
    name,
    async write(situation, wish, { signal, onText } = {}) {
      const hidden = hide(situation)
      const prompt = {
        system: systemPrompt(hidden.situation, wish),
        user: userPrompt(hidden.situation),
        schema: writtenSchema,
        maxTokens,
      }
      const pieces = onText && restoredPieces(hidden.restore, onText)
      const read = pieces && sentenceReader(pieces.push)
      const written = await call({ tenantId, purpose, prompt, shape: writtenShape, signal, onText: read })
      pieces?.end()
      return hidden.restoreWritten(written)
    },
  }
}
