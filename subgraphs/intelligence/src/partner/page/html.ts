/** Text that is HTML already. Made by `html` alone, so that whatever else is shown has been escaped. */
export type Html = { readonly html: string }

export type Part = Html | string | number | null | undefined | false | readonly Part[]

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'html' in part ? part.html : part.map(textOf).join('')
}

/** HTML from a template: everything put into it is escaped, unless it came out of a template itself. Attributes stand in quotes. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: strings.map((string, k) => string + textOf(parts[k])).join(''),
})

/** An anchor's name, out of anything. */
export const anchor = (...names: readonly string[]): string =>
  names
    .join('-')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-|-$/g, '')
