import { patternsIn } from '../../../triage/entities/patterns.ts'
import type { Found } from './fact.ts'

const scheme =
  /(?<![\w])(?:(?:https?|hxxps?|ftp|mailto|tel|javascript|data|file|sms|whatsapp):\/{0,2}|www\.)[^\s<>"']{1,500}/gi
const domain =
  /(?<![\w@.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.(?:com|net|org|io|co|uk|de|fr|es|it|nl|eu|us|ca|au|at|ch|info|biz|shop|store|app|dev|me|ly|xyz|top|site|online|link|click|ru|cn|tk|gq|ai|to|gg|zip|tv|cc|example|test|evil)(?![\w-])(?:[/?:][^\s<>"']{0,500})?/gi
const disguised =
  /(?<![\w])[a-z0-9-]{1,63}\s?(?:\[\.\]|\(\.\)|\[dot\]|\(dot\)|\sdot\s)\s?(?:com|net|org|io|co|uk|de|info|shop|example)(?![\w])/gi
const email = /(?<![\w.%+-])[\w.%+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}/gi

/** Without these no pattern fits; most sentences have none. */
const hint = /[@:]|\.[^\s]|[([](?:at|dot|\.)[)\]]|\sdot\s/i

/** Web and e-mail addresses, disguised ones too, without punctuation at the end. */
export function linksIn(text: string): { from: number; to: number; link: string }[] {
  if (!hint.test(text)) return []
  const found = [email, scheme, disguised, domain].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ 0: whole, index }) => {
      const link = whole.replace(/[.,;:!?)\]]{1,5}$/, '')
      return { from: index, to: index + link.length, link: link.toLowerCase() }
    }),
  )
  return found.filter(
    (one, index) => !found.some((other, at) => at < index && other.from <= one.from && other.to >= one.to),
  )
}

/** Telephone numbers and postal addresses. */
export const contactsIn = (text: string): Found[] =>
  patternsIn(text).flatMap(({ kind, from, to, text: found }) =>
    kind === 'PHONE' || kind === 'ADDRESS' ? [{ from, to, fact: { kind, value: contactOf(found), text: found } }] : [],
  )

export const contactOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\d]/gu, '')
