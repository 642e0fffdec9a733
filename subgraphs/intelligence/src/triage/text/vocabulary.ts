import { createCutter, type Cutter, type GramOptions } from './grams.ts'
import type { SparseRow } from './sparse.ts'

/**
 * The n-grams that a model knows: column i stands for `hashes[i]`, weighted by `idf[i]`; `isWord` tells words from characters, which
 * are scaled to length one apart, so that a long text's characters do not drown its words. Plain data.
 */
export type Vocabulary = { options: GramOptions; hashes: Uint32Array; idf: Float32Array; isWord: Uint8Array }

/** With many texts what a single one has is noise, and half of the model; with few it is most of what there is. Characters are noise always. */
const leastTexts = (texts: number, isWord: boolean): number => (isWord && texts < 2_000 ? 1 : 2)

/** Learns the n-grams of the texts, and how rare each is. */
export function learnVocabulary(texts: readonly string[], options: GramOptions): Vocabulary {
  const cutter = createCutter(options)
  const seen = new Map<number, { texts: number; last: number; isWord: number }>()
  texts.forEach((text, index) => {
    const { hashes, isWord, n } = cutter.cut(text)
    for (let at = 0; at < n; at++) {
      const hash = hashes[at]!
      const known = seen.get(hash)
      if (!known) seen.set(hash, { texts: 1, last: index, isWord: isWord[at]! })
      else if (known.last !== index) {
        known.texts++
        known.last = index
      }
    }
  })
  const kept = [...seen].filter(([, gram]) => gram.texts >= leastTexts(texts.length, gram.isWord === 1))
  return {
    options,
    hashes: Uint32Array.from(kept, ([hash]) => hash),
    idf: Float32Array.from(kept, ([, gram]) => rarity(texts.length, gram.texts)),
    isWord: Uint8Array.from(kept, ([, gram]) => gram.isWord),
  }
}

/** The root of the usual weight: with characters and pairs, rare n-grams are plenty as it is (chosen on banking77's training rows). */
const rarity = (texts: number, having: number): number => Math.sqrt(Math.log((1 + texts) / (1 + having)) + 1)

/** Reads texts as sparse rows; `columnOf` finds the column of an n-gram's hash, -1 for one that is unknown. */
export type Reader = { read(text: string): SparseRow; columnOf(hash: number): number; cutter: Cutter }

/** A reader by a vocabulary: (1 + ln count) × idf, words and characters each of length one. Its buffers are its own. */
export function createReader({ options, hashes, idf, isWord }: Vocabulary): Reader {
  const columnOf = createIndex(hashes)
  const cutter = createCutter(options)
  const counts = new Uint16Array(hashes.length)
  const row: SparseRow = { columns: new Int32Array(4_096), values: new Float64Array(4_096), n: 0 }

  const read = (text: string): SparseRow => {
    const grams = cutter.cut(text)
    if (grams.n > row.columns.length) {
      row.columns = new Int32Array(grams.n)
      row.values = new Float64Array(grams.n)
    }
    row.n = 0
    for (let at = 0; at < grams.n; at++) {
      const column = columnOf(grams.hashes[at]!)
      if (column < 0) continue
      if (counts[column] === 0) row.columns[row.n++] = column
      counts[column] = counts[column]! + 1
    }
    const lengths = [0, 0] as [number, number]
    for (let at = 0; at < row.n; at++) {
      const column = row.columns[at]!
      const count = counts[column]!
      const value = (count === 1 ? 1 : 1 + Math.log(count)) * idf[column]!
      row.values[at] = value
      counts[column] = 0
      lengths[isWord[column] as 0 | 1] += value * value
    }
    const scale = lengths.map((length) => (length > 0 ? 1 / Math.sqrt(length) : 0)) as [number, number]
    for (let at = 0; at < row.n; at++) row.values[at] = row.values[at]! * scale[isWord[row.columns[at]!] as 0 | 1]
    return row
  }
  return { read, columnOf, cutter }
}

/** Open addressing; hash and column lie together, since reading from memory is what a look-up costs. */
function createIndex(hashes: Uint32Array): (hash: number) => number {
  const bits = Math.max(4, 33 - Math.clz32(hashes.length * 2))
  const mask = 2 ** bits - 1
  const slots = new Uint32Array(2 ** (bits + 1))
  const place = (hash: number) => Math.imul(hash, 0x9e3779b1) >>> (32 - bits)
  hashes.forEach((hash, column) => {
    let slot = place(hash)
    while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask
    slots[2 * slot] = hash
    slots[2 * slot + 1] = column + 1
  })
  return (hash) => {
    for (let slot = place(hash); ; slot = (slot + 1) & mask) {
      const column = slots[2 * slot + 1]! - 1
      if (column < 0 || slots[2 * slot] === hash) return column
    }
  }
}
