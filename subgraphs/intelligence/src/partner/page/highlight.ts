import { html, type Html, type Part } from './html.ts'

export type Language = 'graphql' | 'json' | 'sh' | 'ts' | 'http'

/** Classes of the style sheet: comment, string, variable, keyword, property, number, function. */
type Token = 'c' | 's' | 'v' | 'k' | 'p' | 'n' | 'f'
type Rule = readonly [Token | null, string]

const string = String.raw`"(?:[^"\\\n]|\\.)*"`
const number: Rule = ['n', String.raw`-?\b\d[\d_]*(?:\.\d+)?\b`]

/** The first rule that fits decides; null passes a word over, so that no later rule finds something within it. */
const rules: Record<Language, readonly Rule[]> = {
  graphql: [
    ['c', '#[^\n]*'],
    ['s', `"""[^]*?"""|${string}`],
    ['v', String.raw`\$\w+`],
    ['k', String.raw`\b(?:query|mutation|subscription|fragment|on|true|false|null)\b|@\w+`],
    ['p', String.raw`\b\w+(?=\s*:)`],
    number,
    [null, String.raw`\w+`],
  ],
  json: [['p', `${string}(?=\\s*:)`], ['s', string], ['k', String.raw`\b(?:true|false|null)\b`], number],
  sh: [
    ['c', '#[^\n]*'],
    ['s', `'[^']*'|${string}`],
    ['v', String.raw`\$\w+`],
    ['k', String.raw`(?<=^|\n)(?:curl|npm|node|gunzip)\b`],
    ['p', String.raw`(?<=\s)--?[\w-]+`],
    [null, String.raw`\S+`],
  ],
  ts: [
    ['c', '//[^\n]*'],
    ['s', "'[^'\n]*'|`[^`]*`"],
    [
      'k',
      String.raw`\b(?:import|from|const|let|await|async|for|of|if|else|return|export|function|new|throw|type|null|true|false)\b`,
    ],
    ['f', String.raw`\b\w+(?=\()`],
    ['p', String.raw`\b\w+(?=:)`],
    number,
    [null, String.raw`\w+`],
  ],
  http: [['p', String.raw`(?<=^|\n)[\w-]+(?=:)`], ['k', String.raw`\bHTTP/[\d.]+ \d+[^\n]*`], number],
}

/** Code with its colours, decided here so that pages need no script for them. */
export function highlight(code: string, language: Language): Html {
  const own = rules[language]
  const pattern = new RegExp(own.map(([, source]) => `(${source})`).join('|'), 'g')
  const parts: Part[] = []
  let end = 0
  for (const match of code.matchAll(pattern)) {
    const token = own[match.slice(1).findIndex((group) => group !== undefined)]?.[0]
    parts.push(code.slice(end, match.index), token ? html`<i class="${token}">${match[0]}</i>` : match[0])
    end = match.index + match[0].length
  }
  return html`${[...parts, code.slice(end)]}`
}
