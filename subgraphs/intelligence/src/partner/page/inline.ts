import { html, type Html, type Part } from './html.ts'

/** What a schema says in plain words: `code` in backquotes, and nothing else that counts. */
export const described = (text: string): Html =>
  html`${split(text, /`([^`\n]+)`/g, ([code = '']) => html`<code>${code}</code>`)}`

/** A sentence of the guide: code, **emphasis** and [links](#anchor) within our own pages. */
export const inline = (text: string): Html =>
  html`${split(text, /`([^`\n]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([#/][^)\s]*)\)/g, ([code, strong, label, to]) => {
    if (code !== undefined) return html`<code>${code}</code>`
    if (strong !== undefined) return html`<strong>${strong}</strong>`
    return html`<a href="${to}">${label}</a>`
  })}`

function split(text: string, pattern: RegExp, render: (groups: (string | undefined)[]) => Html): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index), render(match.slice(1)))
    end = match.index + match[0].length
  }
  return [...parts, text.slice(end)]
}
