import type { EntityKind, Found } from './found.ts'

// Every repetition has a limit or cannot overlap with what follows: time is linear in the text (tried with 20,000 characters of each kind).
const currency = '(?:usd|eur|gbp|cad|aud|chf|jpy|inr|sek|nok|dkk|pln)'
const coins = '(?:dollars?|euros?|pounds?|bucks|quid|cents?|pence|francs?|yen|rupees?)'
const sum = '\\d{1,9}(?:[.,]\\d{3}){0,3}(?:[.,]\\d{1,2})?'

const patterns: readonly (readonly [EntityKind, RegExp])[] = [
  ['EMAIL', /(?<![\w.%+-])[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}(?![\w@])/gi],
  [
    'AMOUNT',
    new RegExp(
      `(?<![\\w.,])(?:(?:(?:us|ca|au|nz)?[$€£¥₹]|${currency})\\s?${sum}(?![\\w]|[.,]\\d)|${sum}\\s?(?:[$€£¥₹](?!\\d)|(?:${currency}|${coins})\\b))`,
      'gi',
    ),
  ],
  [
    'ADDRESS',
    /(?<![\w#])\d{1,5}[a-z]?,? (?:[a-z0-9.'’-]{1,20} ){1,4}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|square|sq|terrace|close|crescent|parkway|pkwy|highway|hwy)\b\.?(?:,? (?:apt|apartment|suite|unit|flat|floor|no|#)\.? ?[a-z0-9-]{1,6}\b)?(?:, ?[a-z.'’-]{2,20}(?: [a-z.'’-]{3,20})?)?(?:,? [a-z]{2} \d{5}(?:-\d{4})?\b|,? [a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|,? \d{5}\b)?/gi,
  ],
  [
    'ADDRESS',
    /(?<![\wäöüß])[a-zäöüß.-]{2,30}(?:straße|strasse|str\.|weg|platz|allee|gasse) \d{1,4}[a-z]?\b(?:, ?\d{5} [a-zäöüß-]{2,30})?/gi,
  ],
  ['ADDRESS', /\bp\.? ?o\.? box \d{1,6}\b/gi],
]

const phone = /(?<![\w#@.-])(?:\+\d|\(\d|\d)[\d ().-]{6,20}\d(?![\w@-])/g
const phoneWord =
  /\b(?:phone|tel|telephone|mobile|cell|call|whatsapp|text|sms|reach|ring|number is|fax)\b[^.!?\n]{0,30}$/i

/** E-mail addresses, amounts with a currency, postal addresses (English, German) and telephone numbers. */
export function patternsIn(text: string): Found[] {
  const plain = patterns.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(({ 0: found, index }) => place(kind, found, index)),
  )
  const phones = [...text.matchAll(phone)]
    .filter(({ 0: found, index }) => isPhone(found, text.slice(Math.max(0, index - 40), index)))
    .map(({ 0: found, index }) => place('PHONE', found, index))
  return [...plain, ...phones]
}

/** Ten digits alone may be an order's; a plus, brackets, groups as phones have them, or a word before tell a phone. */
function isPhone(text: string, before: string): boolean {
  const digits = text.replace(/\D/g, '').length
  if (digits < 7 || digits > 15) return false
  if (/^\d{1,4}[./-]\d{1,2}[./-]\d{2,4}$/.test(text) || /^\d{3}-\d{7}-\d{7}$/.test(text)) return false
  return /^\+|^\(\d{2,4}\)/.test(text) || /^\d{3,5}[ .-]\d{3,4}[ .-]\d{3,4}$/.test(text) || phoneWord.test(before)
}

const place = (kind: EntityKind, found: string, from: number): Found => {
  const text = found.replace(/[\s,]+$/, '')
  return { kind, text, from, to: from + text.length }
}
