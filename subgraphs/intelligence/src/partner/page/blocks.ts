import { highlight, type Language } from './highlight.ts'
import { html, type Html } from './html.ts'
import { inline } from './inline.ts'

/** What the guide is made of: said once, shown as HTML and as Markdown. Sentences may hold what `inline` knows. */
export type Block =
  | string
  | { heading: string; id: string }
  | { list: readonly string[] }
  | { code: string; language: Language; title: string }
  | { columns: readonly string[]; rows: readonly (readonly string[])[]; caption: string }

/** A chapter of the guide. */
export type Chapter = { id: string; title: string; blocks: readonly Block[] }

/** Code in a frame, with a title and a button that copies it (shown where scripts run). */
export const codeFrame = (code: string, language: Language, title: string): Html =>
  html`<figure class="code">
    <figcaption>${title}<button type="button" class="copy" hidden>Copy</button></figcaption>
    <pre tabindex="0"><code>${highlight(code, language)}</code></pre>
  </figure>`

export function blockAsHtml(block: Block): Html {
  if (typeof block === 'string') return html`<p>${inline(block)}</p>`
  if ('heading' in block) return html`<h3 id="${block.id}">${block.heading}</h3>`
  if ('list' in block)
    return html`<ul>
      ${block.list.map((item) => html`<li>${inline(item)}</li>`)}
    </ul>`
  if ('code' in block) return codeFrame(block.code, block.language, block.title)
  const head = block.columns.map((name) => html`<th scope="col">${name}</th>`)
  const rows = block.rows.map(
    (cells) =>
      html`<tr>
        ${cells.map((cell) => html`<td>${inline(cell)}</td>`)}
      </tr>`,
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${block.caption}">
    <table>
      <caption>
        ${block.caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

export function blockAsMarkdown(block: Block): string {
  if (typeof block === 'string') return block
  if ('heading' in block) return `### ${block.heading}`
  if ('list' in block) return block.list.map((item) => `- ${item}`).join('\n')
  if ('code' in block) return `\`\`\`${block.language}\n${block.code}\n\`\`\``
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [block.columns, block.columns.map(() => '---'), ...block.rows].map(line).join('\n')
}
