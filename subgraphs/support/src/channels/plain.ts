import sanitizeHtml from 'sanitize-html'

/** What people can read of a foreign text: no control characters, no halves of characters, line breaks as `\n`. */
export const printable = (value: string): string =>
  value
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '')
    .toWellFormed()

/** The same in one line of at most `max` characters. */
export const printableLine = (value: string, max: number): string =>
  printable(value.slice(0, 10 * max))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, max)
    .toWellFormed()
    .trim()

const blocks = ['p', 'div', 'li', 'tr', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'ul', 'ol']

/** More markup than anybody writes is not looked at. */
const maxHtml = 200_000

/** An HTML mail as plain text: a line for each block, quotations behind `> `. */
export function textOfHtml(html: string): string {
  const bare = sanitizeHtml(html.slice(0, maxHtml), {
    allowedTags: ['br', 'blockquote', ...blocks],
    allowedAttributes: {},
    nestingLimit: 100,
  })
  let depth = 0
  let line = ''
  const lines: string[] = []
  const end = () => {
    lines.push(`${'> '.repeat(Math.min(depth, 10))}${line.trim()}`.trimEnd())
    line = ''
  }
  for (const token of bare.match(/<[^>]*>|[^<]+/g) ?? []) {
    if (!token.startsWith('<')) line += unescaped(token.replace(/\s+/g, ' '))
    else if (token.startsWith('<br')) end()
    else {
      if (line.trim() !== '') end()
      if (token === '<blockquote>') depth += 1
      if (token === '</blockquote>') depth = Math.max(0, depth - 1)
      if (token === '</p>' && lines.at(-1)?.replace(/[> ]/g, '') !== '') end()
    }
  }
  end()
  return printable(lines.join('\n')).trim()
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&nbsp;': ' ' }
const unescaped = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|nbsp);/g, (entity) => entities[entity] ?? entity).replaceAll('\u00A0', ' ')
