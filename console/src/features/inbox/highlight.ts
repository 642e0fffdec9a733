/** A piece of a text that was found. */
export type Piece = { text: string; isMatch: boolean }

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const unescape = (html: string): string => html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? '')

/** The server's highlight (text between `<mark>` tags, all else escaped) in pieces, so that no HTML is put into the page. */
export const piecesOf = (highlight: string): Piece[] =>
  highlight
    .split(/(<mark>.*?<\/mark>)/g)
    .filter((part) => part !== '')
    .map((part) => {
      const [, match] = /^<mark>(.*)<\/mark>$/.exec(part) ?? []
      return { text: unescape(match ?? part), isMatch: match !== undefined }
    })
