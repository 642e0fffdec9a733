/** Shorter numbers are said of other things too: they count where something says that it is an order. */
const shortest = 4
const saysOrder =
  /(?:#|\b(?:order|orders|no|nr|number|num|ref|reference)\b[\s.:#-]*(?:(?:no|nr|number|is|id)\b[\s.:#-]*)?)$/i
/** Of a conversation so much is looked at. */
const mostCharacters = 10_000
/** A number may be written in so many pieces: `10 44-2`. */
const mostPieces = 3

/** A number without what people leave out or add: case, spaces, `#`, dashes. */
export const bareNumber = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')

/** What a text may name an order by, bare. `said`: numbers that are known to be orders'. */
export function numbersIn(text: string, said: readonly string[] = []): ReadonlySet<string> {
  const found = new Set(said.map(bareNumber))
  const read = text.slice(-mostCharacters)
  const pieces = [...read.matchAll(/[\p{L}\p{N}]+/gu)]
  pieces.forEach((piece, index) => {
    let joined = ''
    let end = piece.index
    const isShortAllowed = saysOrder.test(read.slice(Math.max(0, piece.index - 30), piece.index))
    for (const next of pieces.slice(index, index + mostPieces)) {
      if (joined !== '' && !/^[ #._-]{1,2}$/.test(read.slice(end, next.index))) break
      joined += next[0].toUpperCase()
      end = next.index + next[0].length
      if (/\d/.test(joined) && (joined.length >= shortest || isShortAllowed)) found.add(joined)
    }
  })
  return found
}

/**
 * Those of the orders that are named: by their whole number or, where none is, by its digits alone (`1001` of `SHOP-1001`) if they are
 * only one's. Pure.
 */
export function namedAmong<T extends { externalId: string }>(orders: readonly T[], numbers: ReadonlySet<string>): T[] {
  const named = orders.filter(({ externalId }) => numbers.has(bareNumber(externalId)))
  if (named.length > 0) return named
  const byDigits = Map.groupBy(orders, ({ externalId }) => digitsOf(externalId))
  return [...byDigits].flatMap(([digits, [only, ...others]]) =>
    only && others.length === 0 && digits.length >= shortest && numbers.has(digits) ? [only] : [],
  )
}

/** The longest run of digits. */
const digitsOf = (externalId: string): string =>
  (externalId.match(/\d+/g) ?? []).reduce((longest, run) => (run.length > longest.length ? run : longest), '')
