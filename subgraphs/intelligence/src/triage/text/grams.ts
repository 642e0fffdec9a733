/**
 * How a text is cut: runs of up to `words` words; pairs of words at most `pairs` apart, in any order, by their first `stem` letters
 * ("refund … order", "orders … refunded"); the characters of each word, with its edges, from `least` to `most` at a time.
 */
export type GramOptions = { words: number; pairs: number; stem: number; least: number; most: number }

/** The n-grams of one text as hashes; `word` is the place of the word that each begins in, `isWord` 0 for characters. Read before the next text. */
export type Grams = { hashes: Uint32Array; word: Uint16Array; isWord: Uint8Array; n: number }

/** Where each word lies in the text: from `from` up to `to`. */
export type Words = { from: Int32Array; to: Int32Array; n: number }

/** What is read of a text: the rest of a longer one is left out. */
export const mostCharacters = 4_000
const mostWords = 800
const mostWordLength = 40

const edge = 32
const offsetBasis = 0x811c9dc5
const prime = 0x01000193
// Different starts, so that a run, a pair and characters never share a hash by being the same letters.
const seeds = { run: 0x9747b28c, pair: 0x51ed270b, first: 0x1234567, last: 0x7654321 }

/** Cuts texts; its buffers are its own, so that cutting allocates nothing. */
export type Cutter = { cut(text: string): Grams; words: Words }

/**
 * A cutter of texts. Letters are lower-cased, every digit is the same, and apostrophes are dropped ("don't" is "dont"), so that a
 * word is found however it was typed. Time is linear in the text, of which at most `mostCharacters` are read.
 */
export function createCutter(options: GramOptions): Cutter {
  const { words: mostRun, pairs, stem, least, most } = options
  const capacity = mostWords * (mostRun + pairs + 2) + (mostCharacters + mostWords * 2) * (most - least + 1)
  const grams: Grams = {
    hashes: new Uint32Array(capacity),
    word: new Uint16Array(capacity),
    isWord: new Uint8Array(capacity),
    n: 0,
  }
  const words: Words = { from: new Int32Array(mostWords), to: new Int32Array(mostWords), n: 0 }
  const codes = new Uint16Array(mostCharacters * 2 + mostWords * 2)
  const starts = new Int32Array(mostWords + 1)
  const wordHashes = new Uint32Array(mostWords)
  const stems = new Uint32Array(mostWords)

  const add = (hash: number, word: number, isWord: 0 | 1) => {
    const at = grams.n++
    grams.hashes[at] = hash
    grams.word[at] = word
    grams.isWord[at] = isWord
  }

  const addCharacters = (word: number) => {
    const to = starts[word + 1]!
    for (let start = starts[word]!; start < to; start++) {
      let hash = offsetBasis
      const end = Math.min(to, start + most)
      for (let at = start; at < end; at++) {
        hash = step(hash, codes[at]!)
        if (at - start + 1 >= least) add(hash >>> 0, word, 0)
      }
    }
  }

  const addRuns = (first: number) => {
    let hash = seeds.run
    const end = Math.min(words.n, first + mostRun)
    for (let next = first; next < end; next++) {
      hash = mixed(step(hash, wordHashes[next]!))
      add(hash >>> 0, first, 1)
    }
  }

  const addPairs = (word: number) => {
    let hash = offsetBasis
    const to = Math.min(starts[word + 1]! - 1, starts[word]! + 1 + stem)
    for (let at = starts[word]! + 1; at < to; at++) hash = step(hash, codes[at]!)
    const own = mixed(hash) >>> 0
    stems[word] = own
    for (let other = Math.max(0, word - pairs); other < word; other++) {
      const [low, high] = stems[other]! < own ? [stems[other]!, own] : [own, stems[other]!]
      add(mixed(step(mixed(step(seeds.pair, low)), high)) >>> 0, other, 1)
    }
  }

  return {
    words,
    cut(text) {
      readWords(text, { words, codes, starts, wordHashes })
      grams.n = 0
      for (let word = 0; word < words.n; word++) {
        addCharacters(word)
        addRuns(word)
        addPairs(word)
      }
      // How a message begins and ends says more than its middle: "how do I", "…, thanks".
      if (words.n > 0) {
        add(mixed(step(seeds.first, wordHashes[0]!)) >>> 0, 0, 1)
        add(mixed(step(seeds.last, wordHashes[words.n - 1]!)) >>> 0, words.n - 1, 1)
      }
      return grams
    },
  }
}

/** One step of FNV-1a. */
const step = (hash: number, value: number): number => Math.imul(hash ^ value, prime)
const mixed = (hash: number): number => hash ^ (hash >>> 15)

type WordBuffers = { words: Words; codes: Uint16Array; starts: Int32Array; wordHashes: Uint32Array }

/** Finds the words, and writes each with a space on either side into `codes`. */
function readWords(given: string, { words, codes, starts, wordHashes }: WordBuffers): void {
  const text = given.length > mostCharacters ? given.slice(0, mostCharacters) : given
  const lower = text.toLowerCase()
  // Lower-casing may lengthen a text (İ); then places would not fit any more.
  const source = lower.length === text.length ? lower : text
  let written = 0
  words.n = 0
  for (let at = 0; at < source.length && words.n < mostWords;) {
    if (!isLetter(source.charCodeAt(at))) {
      at++
      continue
    }
    const from = at
    const start = written
    let hash = offsetBasis
    codes[written++] = edge
    for (; at < source.length; at++) {
      const code = source.charCodeAt(at)
      if (isApostrophe(code)) continue
      if (!isLetter(code)) break
      if (written - start > mostWordLength) continue
      const kept = isDigit(code) ? 48 : code
      codes[written++] = kept
      hash = step(hash, kept)
    }
    codes[written++] = edge
    words.from[words.n] = from
    words.to[words.n] = at
    starts[words.n] = start
    wordHashes[words.n++] = hash >>> 0
  }
  starts[words.n] = written
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isApostrophe = (code: number): boolean => code === 39 || code === 0x2019
/** Letters and digits; beyond ASCII everything that is no punctuation, emoji too. */
const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  isDigit(code) ||
  (code >= 65 && code <= 90) ||
  (code >= 0xc0 &&
    code !== 0xd7 &&
    code !== 0xf7 &&
    (code < 0x2000 || code > 0x206f) &&
    (code < 0x3000 || code > 0x303f))
