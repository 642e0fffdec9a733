import { clauseBefore } from '../plain.ts'
import { type Found, matches, type StatusWord } from './fact.ts'

const words: readonly (readonly [StatusWord, string])[] = [
  ['OUT_FOR_DELIVERY', 'out for delivery'],
  ['SHIPPED', 'shipped|dispatched|in transit|on (?:its|the|their) way|sent|posted|handed (?:over )?to'],
  ['DELIVERED', 'delivered|arrived'],
  ['CANCELLED', 'cancell?ed'],
  ['REFUNDED', 'refunded|reimbursed|paid back|credited'],
  ['RETURNED', 'returned|came back|back with us'],
  ['PAID', 'paid'],
]
const state = String.raw`(?:is|are|was|were|has|have|had|been|got|'s|shows?|marked|status|currently|already|just|now)[ :"]{1,3}(?:(?:been|as|now|already|just|currently|also|shown|marked|fully|partly|partially|successfully|\w{1,15}ly)[ :"]{1,3}){0,3}`
const patterns = words.map(([status, word]) => [status, new RegExp(String.raw`\b${state}(?:${word})\b`, 'gi')] as const)
/** Most texts say nothing of a status. */
const hint = new RegExp(String.raw`\b(?:${words.map(([, word]) => word).join('|')})\b`, 'i')
const possible =
  /\b(?:if|once|when|whenever|as soon as|whether|unless|until|in case|after|before|would|could|should|can|may|might|must|will|to be|not|never|no|isn't|hasn't|haven't|wasn't|weren't|aren't|cannot|can't|won't|that (?:is|are|was|were)|which|please|orders|items|sorry|apolog\w{1,5})\b/i

/** Whether words before it make it a wish, a condition, a denial or a general rule. */
export const isPossible = (text: string, at: number): boolean => possible.test(clauseBefore(text, at))

/** What is said to have become of an order or a parcel. */
export const statusesIn = (text: string): Found[] =>
  hint.test(text) ? patterns.flatMap(([status, pattern]) => statusIn(text, status, pattern)) : []

const statusIn = (text: string, status: StatusWord, pattern: RegExp): Found[] =>
  matches(text, pattern, ({ 0: found, index }) =>
    isPossible(text, index + found.length) ||
    /^ (?:damaged|broken|wrong|late|cracked|smashed|faulty)/i.test(text.slice(index + found.length))
      ? null
      : { kind: 'STATUS', status, text: found },
  )
