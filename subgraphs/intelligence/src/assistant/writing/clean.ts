/** Control, direction and zero-width characters, line breaks among them; what builds markup; what makes a word an address. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]+/gu
const markup = /[<>[\]{}`*_|\\^~"“”„]+/g
const address = /:\/|\/\/|www\.|\w@|@\w|\w\.(?:com|net|org|io|co|ru|cn|info|biz|app|dev|xyz|de|uk|eu)(?![a-z])/i
/** Words of instructions and of promises: what holds one is no name of a thing, and is not repeated. */
const commanding =
  /\b(?:ignore|disregard|forget|instructions?|system|prompt|assistant|developer|jailbreak|override|you (?:must|are|will|should|can)|your|refund\w*|reimburse\w*|compensat\w*|guarantee\w*|promise\w*|approved?|password|secret|api|key|token|credit|gratis|voucher|coupon|discount\w*|send|visit|click|call|reply|respond|say|write|print|tell|transfer|pay|paid|iban|admin|agent|customer|policy)\b|[%€$£¥:=]|\d[.,]\d{2}\b/i

/** Of a title much longer than is said; patterns stay fast. */
const mostRead = 300

/**
 * Words of a record as they may stand in a text: on one line, without markup, links or hidden characters, cut between words. Everything of a
 * record that the built-in writer sets into a text has been through here or through one of the functions below, so that neither a product's
 * title nor a customer's name carries an instruction, a link or a promise along.
 */
export function clean(text: string, { words, characters }: { words: number; characters: number }): string {
  const kept = text
    .slice(0, mostRead)
    .replace(unseen, ' ')
    .replace(markup, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !address.test(word))
    .slice(0, words)
  while (kept.join(' ').length > characters) kept.pop()
  return kept.join(' ').replace(/[\s,;.:!?(–-]+$/u, '')
}

/** A product's title, at most seven words and up to the first comma; null where it does not read like one. */
export function cleanTitle(title: string): string | null {
  const text = clean(title, { words: 7, characters: 48 })
    .replace(/\s+(?=[,;])/g, '')
    .replace(/(?<=\p{L}.{2,40})[,;:].*$/u, '')
  const kept = balanced(text)
  return /\p{L}/u.test(kept) && !commanding.test(title.slice(0, mostRead)) ? kept : null
}

/** Without what a cut parenthesis began. */
const balanced = (text: string): string => (text.includes(')') ? text : text.replace(/\s?\(.{0,50}$/, ''))

/** A carrier's name or a status, as plain words; null where it is anything else. */
export function cleanLabel(label: string): string | null {
  const text = label.trim().replaceAll('_', ' ').replace(/\s+/g, ' ')
  return /^[\p{L}\d][\p{L}\d &.'’-]{0,29}$/u.test(text) && text.split(' ').length <= 4 && !commanding.test(text)
    ? text
    : null
}

/** An order or tracking number; null where it does not look like one. */
export function cleanNumber(number: string): string | null {
  const text = number.trim()
  const isNumber = /^#?[A-Z0-9](?:[A-Z0-9./-]| (?=[A-Z0-9])){1,34}$/i.test(text) && /\d/.test(text)
  // What a dot or a slash joins to letters is an address, and a word without a figure is a word.
  const isPlain = !/[a-z][./][a-z]|[a-z]{2}\//i.test(text)
  return isNumber && isPlain && text.split(' ').every((part) => /\d|^[A-Z]{1,4}$/.test(part)) ? text : null
}

/** A person's name: letters in at most five words; null where it is anything else. */
export function cleanName(name: string | null): string | null {
  const text = (name ?? '').trim().replace(/\s+/g, ' ')
  const isName = /^\p{L}[\p{L}\p{M} .'’,-]{0,49}$/u.test(text) && text.split(' ').length <= 5 && !commanding.test(text)
  return isName && !/\b\p{L}{1,60}\.\p{L}/u.test(text) ? text : null
}
