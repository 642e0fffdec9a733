import { carrierOf } from './tracking.ts'
import type { Found } from './found.ts'

/** A run of letters, digits and hyphens with a digit in it; the limits keep the search linear. */
const code = /(?<![\w@./-])#?[A-Z0-9](?:[A-Z0-9]|-(?=[A-Z0-9])){2,39}(?![\w@]|\.[a-z])/gi
/** Twelve to thirty digits written in groups, as labels print them. */
const grouped = /(?<![\w-])(?:1Z|\d)(?:[ -]?[0-9A-Z]){9,29}(?![\w-])/g
const trackingWord =
  /\b(?:track\w*|shipment|waybill|awb|parcel|ups|usps|fedex|dhl|royal mail|courier)\b[^.!?\n]{0,40}$/i
const orderWord =
  /(?:\b(?:order|purchase|bestellung|po|ord)(?:\s{0,2}(?:number|numbers|num|no|nr|id|ref|reference))?|\border\w*\s{1,2}(?:and|or)\s{1,2}\S{1,40})\s{0,2}[.:#]?\s{0,2}(?:is\s{1,2}|was\s{1,2})?(?:#\s?)?$/i
const productWord =
  /\b(?:sku|item|article|product|model|style|part)\s{0,2}(?:number|no|nr|code|id)?\s{0,2}[.:#]?\s{0,2}$/i
const otherWord =
  /\b(?:invoice|receipt|account|card|iban|zip|postcode|apartment|apt|room|suite|unit|bill|ticket|case|phone|tel|mobile|cell|call)(?:\s{1,2}(?:number|no|me at|me on|at|on|is))?\s{0,2}[.:#]?\s{0,2}$/i

/** Order, tracking and product numbers: by format and check digit, else by the word before. */
export function numbersIn(text: string): Found[] {
  return [
    ...trackingInGroups(text),
    ...[...text.matchAll(code)].flatMap((match) => numberAt(text, match[0], match.index)),
  ]
}

function trackingInGroups(text: string): Found[] {
  return [...text.matchAll(grouped)].flatMap(({ 0: found, index }) => {
    const carrier = carrierOf(found.replace(/[ -]/g, ''))
    const isTracking = carrier && (carrier.isCertain || trackingWord.test(before(text, index)))
    return isTracking ? [{ kind: 'TRACKING_NUMBER', text: found, from: index, to: index + found.length }] : []
  })
}

function numberAt(text: string, found: string, from: number): Found[] {
  const hasSign = found.startsWith('#')
  const bare = hasSign ? found.slice(1) : found
  if (!/\d/.test(bare)) return []
  const place = { text: bare, from: from + (hasSign ? 1 : 0), to: from + found.length }
  const earlier = before(text, from)
  const carrier = carrierOf(bare.replaceAll('-', ''))
  if (carrier && (carrier.isCertain || trackingWord.test(earlier))) return [{ kind: 'TRACKING_NUMBER', ...place }]
  if (productWord.test(earlier)) return /\d{2}/.test(bare) ? [{ kind: 'PRODUCT', ...place }] : []
  const isNamed = orderWord.test(earlier)
  if (isNamed) return /\d{3}/.test(bare) && !isYear(bare) ? [{ kind: 'ORDER_NUMBER', ...place }] : []
  if (otherWord.test(earlier)) return []
  const looksLikeOne = /^(?:[A-Z]{1,5}-)?\d{4,18}$/i.test(bare) || /^\d{3}-\d{7}-\d{7}$/.test(bare)
  return looksLikeOne && isFree(text, place, hasSign) ? [{ kind: 'ORDER_NUMBER', ...place }] : []
}

/** Not a year, part of an amount, a date, a phone number or a longer number. */
function isFree(
  text: string,
  { from, to, text: number }: { from: number; to: number; text: string },
  hasSign: boolean,
) {
  if (hasSign) return true
  if (isYear(number) || /[%€$£+]\s?$/.test(text.slice(Math.max(0, from - 2), from))) return false
  return (
    !/^(?:\s?(?:[%€$£]|usd|eur|gbp|dollars?|euros?|pounds?|bucks)|[.,:/-]\d| ?\d{2,})/i.test(text.slice(to, to + 9)) &&
    !/\d[ .,/-]$/.test(text.slice(Math.max(0, from - 2), from))
  )
}

const isYear = (number: string): boolean => /^(?:19|20)\d\d$/.test(number)
const before = (text: string, at: number): string => text.slice(Math.max(0, at - 50), at)
