import type { Found } from './found.ts'

const mostProducts = 500

/** Titles or SKUs of products that occur in the text, in any case, as whole words; the first 500 given are looked for. */
export function productsIn(text: string, products: readonly string[]): Found[] {
  const lower = text.toLowerCase()
  // Some letters get longer in lower case; places would be wrong.
  if (lower.length !== text.length) return []
  return products.slice(0, mostProducts).flatMap((product) => {
    const wanted = product.trim().toLowerCase()
    const from = wanted.length < 3 ? -1 : lower.indexOf(wanted)
    const to = from + wanted.length
    const isWhole = from >= 0 && !isWord(lower[from - 1]) && !isWord(lower[to]?.replace('s', ''))
    return isWhole ? [{ kind: 'PRODUCT', text: text.slice(from, to), from, to }] : []
  })
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character)
