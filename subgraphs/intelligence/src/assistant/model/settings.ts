import { z } from 'zod'

const count = (max: number) => z.coerce.number().int().min(0).max(max)
const price = z.coerce.number().min(0).max(100_000).describe('US dollars a million tokens').default(0)

/** What Intelligence reads of the language model. Without a key there is none, and what is written is written here. */
export const modelEnvironment = {
  OPENAI_API_KEY: z.string().trim().min(1).max(1_000).describe('the key of a language model').optional(),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .describe('where an OpenAI-compatible server listens, e.g. https://api.openai.com/v1')
    .default('https://api.openai.com/v1'),
  OPENAI_MODEL: z.string().trim().min(1).max(200).describe('the name of a model').default('gpt-5.4-mini'),
  OPENAI_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(120_000)
    .describe('milliseconds, from 100 to 120000')
    .default(8_000),
  OPENAI_DAILY_TOKENS: count(1_000_000_000_000).describe('tokens, 0 for as many as are wanted').default(2_000_000),
  OPENAI_INPUT_PRICE: price,
  OPENAI_OUTPUT_PRICE: price,
}

export type ModelConfig = z.output<z.ZodObject<typeof modelEnvironment>>

/** As where nothing is set. */
export const noModel: ModelConfig = z.object(modelEnvironment).parse({})
