import type { Intent } from '../grammar/taxonomy.ts'

/** Messages with what they ask for, twelve of each of the ten commonest intents; and what is none of a shop's business. */
export type OwnWords = { asked: readonly (readonly [Intent, string])[]; outside: readonly string[] }

/** Where a parcel is, and that it is late, are asked in the same words, and answered alike. */
const alike: Partial<Record<Intent, readonly string[]>> = { shipping_status: ['shipping_status', 'shipping_delay'] }

export const isRight = (intent: Intent, said: string | null): boolean =>
  said !== null && (alike[intent] ?? [intent]).includes(said)
