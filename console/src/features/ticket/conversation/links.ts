/** Plain text in stretches: words, and addresses that may be opened. */
export type TextPart = { text: string; href?: string }

const address = /https?:\/\/[^\s<>"'`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi
const trailing = /[.,;:!?)\]}]+$/

/** Only http, https and mail addresses become links; everything else stays text. */
export function linksOf(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    const found = match[0].replace(trailing, '')
    const href = hrefOf(found)
    if (href === null) continue
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    parts.push({ text: found, href })
    end = match.index + found.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}

function hrefOf(found: string): string | null {
  if (!/^https?:/i.test(found)) return `mailto:${found}`
  return URL.canParse(found) ? new URL(found).href : null
}
