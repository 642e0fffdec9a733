import { type Found, matches } from './fact.ts'
import { digits, figure, valueOf } from './figures.ts'

const token = /(?<![\w])#?\w[\w-]{0,60}/g
const number = new RegExp(String.raw`(?<![\w.,])${digits}(?:st|nd|rd|th|x|cm|mm|m|kg|g|ml|l|w|v|gb)?(?![\w-])`, 'gi')
const counted = new RegExp(
  String.raw`(?<![\w-])(${figure})(?= (?:[a-z]{2,15} )?(?:orders|items|parcels|packages|shipments|products|pieces|units|purchases)\b)`,
  'gi',
)

/** Order and tracking numbers compare without signs, hyphens and case. */
export const referenceOf = (text: string): string => text.replace(/[#\s_-]/g, '').toLowerCase()

/** What looks like a number of a record: five digits and more, a sign before, or letters and digits mixed. */
export const referencesIn = (text: string): Found[] =>
  matches(text, token, ([found]) => {
    if (!/\d/.test(found) || (/^\d{1,4}\D{0,2}$/.test(found) && !found.startsWith('#'))) return null
    return { kind: 'REFERENCE', value: referenceOf(found), text: found }
  })

/** All other figures, and words for figures before what can be counted. */
export const numbersIn = (text: string): Found[] => [
  ...matches(text, number, ([found]) => ({
    kind: 'NUMBER',
    value: valueOf(found.replace(/[a-z]+$/i, '')),
    text: found,
  })),
  ...matches(text, counted, ([found]) =>
    found.toLowerCase() === 'one' ? null : { kind: 'NUMBER', value: valueOf(found), text: found },
  ),
]
