import { numbersIn } from '../../triage/entities/numbers.ts'
import { patternsIn } from '../../triage/entities/patterns.ts'

export type PersonalKind =
  'customer' | 'agent' | 'person' | 'email' | 'phone' | 'address' | 'tracking' | 'order' | 'number' | 'literal'

export type Personal = { kind: PersonalKind; text: string }

// More than triage finds: what is hidden without need costs a word, what is not hidden is gone.
const looseEmail = /[^\s@<>()[\]",;:]{1,80}@[^\s@<>()[\]",;:]{1,120}/gu
const digits = /(?<!\d)\d(?:[ ./()-]{0,2}\d){6,29}(?!\d)/g
const day = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})$/
const amount = /^\d{1,9}\.\d{2}$/
// Two patterns, as one would need `(?i:…)`, of which V8 forgets the `i` when it compiles without optimizations: that is what
// it does in a process that holds much compiled code.
const introduction =
  /(?<!\p{L})(?:my name is|name:|signed,?|(?:regards|wishes|thanks|cheers|sincerely|yours),?)\s{1,4}/giu
const nameHere = /^[\p{Lu}\p{Lo}][\p{L}\p{M}’'-]{1,30}(?: [\p{Lu}\p{Lo}][\p{L}\p{M}’'-]{1,30}){0,2}/u
const placeholder = /\[[a-z]{1,12}(?:-\d{1,6})?\]/g

/** What a text holds that is a person's, by its looks alone; and what looks like a placeholder of ours already. */
export function personalIn(text: string): Personal[] {
  const all = (kind: PersonalKind, pattern: RegExp): Personal[] =>
    [...text.matchAll(pattern)].map(([found]) => ({ kind, text: found }))
  return [
    ...all('literal', placeholder),
    ...patternsIn(text).flatMap(({ kind, text }) => known(kind, text)),
    ...numbersIn(text).flatMap(({ kind, text }) => known(kind, text)),
    ...all('email', looseEmail),
    ...all('number', digits).filter(({ text }) => !day.test(text) && !amount.test(text)),
    ...introduced(text),
  ]
}

const introduced = (text: string): Personal[] =>
  [...text.matchAll(introduction)].flatMap(({ 0: words, index }) => {
    const name = nameHere.exec(text.slice(index + words.length))?.[0]
    return name === undefined ? [] : [{ kind: 'person', text: name }]
  })

const kinds: Readonly<Record<string, PersonalKind>> = {
  EMAIL: 'email',
  PHONE: 'phone',
  ADDRESS: 'address',
  TRACKING_NUMBER: 'tracking',
  ORDER_NUMBER: 'order',
}

const known = (kind: string, text: string): Personal[] => (kinds[kind] ? [{ kind: kinds[kind], text }] : [])

/** Words that a sentence needs as well: as names they are only those with a capital. */
const words = new Set(
  'will may mark hope grace rose art bill sue pat drew frank rich dawn joy faith iris ivy june april august summer young long white black brown green king so do an in my he she you to no on me be by us we it as is or and the for not hi ok see van de la'.split(
    ' ',
  ),
)

/** A name in full and its parts, the longest first. `needsCapital`: an ordinary word too. */
export function partsOf(name: string): { text: string; needsCapital: boolean }[] {
  const parts = [name, ...name.split(/[\s,;]+/), ...name.split(/[\s,;-]+/)]
  const unique = [...new Set(parts.map((part) => part.replace(/^[.'"’()]+|[.'"’()]+$/g, '')))]
  return unique
    .filter((part) => [...part].length >= 2 || /\p{Lo}/u.test(part))
    .sort((a, b) => b.length - a.length)
    .map((text) => ({ text, needsCapital: /^[a-z]{1,2}$/i.test(text) || words.has(text.toLowerCase()) }))
}
