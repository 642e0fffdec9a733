import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress } from 'node:zlib'
import { decodeModel, encodeModel, type ModelStamp } from '../learning/codec.ts'
import { generateCorpus } from './grammar/generate.ts'
import { none } from './grammar/taxonomy.ts'
import { trainText } from './text/text-model.ts'
import type { TriageModel } from './triage.ts'

const seed = 1
/** More of each phrase teaches hardly more, and takes longer: most of what a phrase may be is said once in so many. */
const perPhrase = 8
/**
 * What is held out are phrases of which the rest has no paraphrase: the more different ways the grammar knows, the worse it foretells each from the
 * others, though it reads customers better. So more of it is left to learn from, and 0.86 is asked where 0.9 is asked of texts that are like others.
 */
const heldOut = { parts: 4, targetPrecision: 0.86 }

/** With each change of how texts are cut: an older file would be read wrongly. */
const stamp: ModelStamp = { kind: 'TRIAGE', version: 1, featureVersion: 'grams-1' }

/** Where the trained model lies; `node scripts/triage-model.ts` writes it. */
export const shippedFile = new URL('./shipped.model.br', import.meta.url)

/** The model that comes with the product, from its own grammar: no text of anybody's. The same on every machine. Seconds of work. */
export function trainShipped(): TriageModel {
  const { texts, labels, groups } = generateCorpus({ seed, perPhrase })
  return { intents: trainText(texts, labels, { seed, groups, none, ...heldOut }), sentiment: null }
}

/** The bytes of the file: half a megabyte. */
export const packed = async (model: TriageModel): Promise<Uint8Array> =>
  promisify(brotliCompress)(encodeModel(model, stamp))

let shipped: Promise<TriageModel> | undefined

/**
 * The same, read from its file once a process, since training it takes seconds of every start; unpacked off the request thread. Asking again
 * after a failure tries again. INTERNAL_SERVER_ERROR (MODEL_VERSION, MODEL_DAMAGED) where the file is not what this code reads.
 */
export function shippedModel(): Promise<TriageModel> {
  shipped ??= read().catch((error: unknown) => {
    shipped = undefined
    throw error
  })
  return shipped
}

const read = async (): Promise<TriageModel> =>
  decodeModel<TriageModel>(await promisify(brotliDecompress)(await readFile(shippedFile)), stamp)
