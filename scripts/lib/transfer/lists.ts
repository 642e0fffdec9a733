const escaped = (text: string, special: RegExp): string => text.replace(special, (character) => `\\${character}`)

/** A list in one CSV cell: `a|b`, with `\` before a `|` or `\` of an element. */
export const formatList = (values: readonly string[]): string =>
  values.map((value) => escaped(value, /[\\|]/g)).join('|')

/** Back again; an empty cell is an empty list. */
export const parseList = (text: string): string[] => (text === '' ? [] : split(text, '|').map(unescaped))

/** References in one CSV cell: `source:id|source:id`, with `\` before a `:`, `|` or `\` that belongs to a source or an id. */
export const formatRefs = (refs: readonly { source: string; id: string }[]): string =>
  refs.map(({ source, id }) => `${escaped(source, /[\\|:]/g)}:${escaped(id, /[\\|]/g)}`).join('|')

/** Back again; null when an element has no `:`. */
export function parseRefs(text: string): { source: string; id: string }[] | null {
  if (text === '') return []
  const refs = split(text, '|').map((element) => {
    const [source = '', ...id] = split(element, ':')
    return id.length === 0 ? null : { source: unescaped(source), id: unescaped(id.join(':')) }
  })
  return refs.every((ref) => ref !== null) ? refs : null
}

/** Splits at separators that no `\` precedes. Leaves the escapes as they are. */
function split(text: string, separator: string): string[] {
  const parts = ['']
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === separator) parts.push('')
    else parts.push(parts.pop() + (character === '\\' ? character + text.charAt((at += 1)) : character))
  }
  return parts
}

const unescaped = (text: string): string => text.replace(/\\(.)/gs, '$1')
