import { createHash } from 'node:crypto'
import { escapeHtml } from '../search/highlight.ts'

const style = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#222;background:#fff}
fieldset{border:0;padding:0;margin:1rem 0;display:flex;gap:.5rem;flex-wrap:wrap}
legend,label{display:block;margin-bottom:.5rem}
button{font:inherit;min-width:3rem;padding:.6rem .8rem;border:2px solid #245;border-radius:.4rem;background:#fff;color:#123;cursor:pointer}
button:hover,button:focus-visible{background:#245;color:#fff}
textarea{font:inherit;width:100%;box-sizing:border-box;min-height:6rem}`

/** Nothing but the page's own style and form: no script, no frame, no other host. */
export const pagePolicy = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ')

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`

const scores = ['very bad', 'bad', 'so-so', 'good', 'very good']

/** The survey: five buttons, each sending the form. The first would also be what Enter sends, so a comment has several lines. */
export const surveyPage = (brand: string): string =>
  page(
    `How did ${brand} do?`,
    `<form method="post">
<label for="comment">Would you like to add something? (optional)</label>
<textarea id="comment" name="comment" maxlength="2000"></textarea>
<fieldset><legend>Your answer, from 1 (very bad) to 5 (very good):</legend>
${scores.map((name, index) => `<button name="score" value="${index + 1}" aria-label="${index + 1}: ${name}">${index + 1}</button>`).join('\n')}
</fieldset></form>`,
  )

/** A page with one sentence. */
export const messagePage = (title: string, sentence: string): string =>
  page(title, `<p role="status">${escapeHtml(sentence)}</p>`)
