const mostSentences = 200

/** Sentences of a text, by punctuation and line breaks. */
export function sentencesIn(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .slice(0, mostSentences)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}

/** What somebody wrote this time: without quoted lines, the earlier mail below, and the signature after "--". */
export function ownWords(text: string): string {
  const lines = text.split('\n')
  const end = lines.findIndex((line, index) => index > 0 && isQuoteHead(line))
  return lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .trim()
}

const isQuoteHead = (line: string): boolean =>
  /^-- ?$/.test(line) || /^-{2,20} ?original message/i.test(line) || /^on .{5,100} wrote:\s*$/i.test(line)
