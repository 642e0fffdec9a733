import { linksIn } from '../facts/contacts.ts'
import type { Known } from '../known.ts'
import type { Finding } from '../problems.ts'
import { clauseBefore } from '../plain.ts'

const keys = [
  /\b(?:sk|pk|rk|ghp|gho|ghs|xox[abpr]|glpat|whsec|key|token|secret)[-_][\w-]{8,200}/i,
  /\bAKIA[0-9A-Z]{12,20}\b/,
  /\beyJ[\w-]{8,500}/,
  /-----BEGIN/,
  /\b(?:password|passcode|passphrase|api key|secret(?: key)?|access token|bearer|credentials?|otp|cvv|cvc|pin)\s?(?:is|are|:|=|->)\s?\S{3,100}/i,
  /\b[0-9a-f]{32,128}\b/i,
  /\b(?:postgres(?:ql)?|mysql|redis|mongodb|amqp):/i,
  /\b[A-Z][A-Z0-9]{2,20}_[A-Z0-9_]{2,30}=\S/,
]
const long = /[A-Za-z0-9+/_-]{24,2000}={0,2}/g
const card = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g
const iban = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b/g
const asked =
  /\b(?:send|tell|share|give|provide|confirm|reply with|enter|type|need|text)\b.{0,40}\b(?:password|passcode|pin|cvv|cvc|card (?:number|details)|bank details|security code|one-time code|verification code|social security)\b/i

/** Keys, passwords, card and account numbers; and asking for them. */
export function secretsIn(text: string, own: readonly string[]): Finding[] {
  const rest = own.reduce((left, reference) => left.replaceAll(reference, ' '), text)
  const question = asked.exec(rest)
  const isAsked = question && !/\b(?:never|not|don't|no one)\b/i.test(clauseBefore(rest, question.index + 1))
  const found = [
    keys.map((pattern) => pattern.exec(rest)?.[0]).find((match) => match !== undefined),
    firstIn(rest, long, isDense),
    ...(/\d/.test(rest) ? [firstIn(rest, card, isCard), firstIn(rest, iban, isIban)] : []),
    isAsked ? question[0] : undefined,
  ]
  return found.flatMap((detail) => (detail === undefined ? [] : [{ code: 'SECRET', detail }]))
}

const firstIn = (text: string, pattern: RegExp, isOne: (match: string) => boolean): string | undefined =>
  text.match(pattern)?.find(isOne)

/** Letters of both cases and digits, without a word in it. */
const isDense = (text: string): boolean => /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)

function isCard(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].reverse().map(Number)
  const sum = digits.reduce(
    (total, digit, at) => total + (at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2),
    0,
  )
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0
}

/** The remainder by 97, digit by digit. */
function isIban(text: string): boolean {
  const bare = text.replaceAll(' ', '')
  const turned = bare.slice(4) + bare.slice(0, 4)
  let remainder = 0
  for (const character of turned)
    for (const digit of String(parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97
  return bare.length >= 15 && bare.length <= 34 && remainder === 1
}

/** Addresses that our side does not publish. */
export const strangeLinksIn = (text: string, { links }: Known): Finding[] =>
  linksIn(text).flatMap(({ link }) => (links.has(link) ? [] : [{ code: 'LINK', detail: link }]))

/** Both, in any plain text that is shown to somebody. */
export const leaksIn = (text: string, known: Known): Finding[] => [
  ...secretsIn(text, known.names.references),
  ...strangeLinksIn(text, known),
]
