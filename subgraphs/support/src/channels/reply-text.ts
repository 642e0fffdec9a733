/**
 * What somebody newly wrote in an answer by e-mail: without the quoted history at its end and without a signature. Cautious: where answers
 * stand between quoted lines, and where nothing would be left, it stays as it is. Pure.
 */
export function newText(text: string): string {
  const lines = text.split('\n')
  const own = withoutSignature(withoutTrailingQuote(beforeHistory(lines)))
  const written = own.join('\n').trim()
  return written === '' ? text.trim() : written
}

const originalMessage =
  /^\s*-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|message d.origine|mensaje original)\s*-{2,}\s*$/i
const headerLine =
  /^\*?(from|sent|date|to|cc|subject|von|gesendet|datum|an|betreff|de|envoyé|à|objet|enviado|para|asunto)\s?\*?:\*?\s/i

/** Outlook quotes nothing: it puts the history under a head of "From: … Sent: … Subject: …". */
function beforeHistory(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line, index) => index > 0 && (originalMessage.test(line) || isHead(lines, index)))
  if (start < 0) return lines
  const kept = lines.slice(0, start)
  return /^_{5,}$/.test(kept.at(-1)?.trim() ?? '') ? kept.slice(0, -1) : kept
}

const isHead = (lines: readonly string[], index: number): boolean =>
  headerLine.test(lines[index] ?? '') && [1, 2].every((more) => headerLine.test(lines[index + more] ?? ''))

const isQuoted = (line: string): boolean => /^\s*>/.test(line)
const isBlank = (line: string): boolean => line.trim() === ''

/** `On …, Mia wrote:` in the languages that mail programs say it in; it may go over two lines. */
const attribution = /(wrote|schrieb|a écrit|escribió|ha scritto|schreef|skrev)\b[^\n]{0,200}:\s*$/i

function withoutTrailingQuote(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => !isBlank(line) && !isQuoted(line))
  if (!lines.slice(last + 1).some(isQuoted)) return lines
  const kept = lines.slice(0, last + 1)
  if (!attribution.test(kept.at(-1)?.slice(0, 1_000) ?? '')) return kept
  const opening = kept.findLastIndex(
    (line, index) => index >= kept.length - 2 && /^\s*(on|am|le|el|il|op|den)\s/i.test(line),
  )
  return kept.slice(0, opening < 0 ? kept.length - 1 : opening)
}

const signatureLength = 15
const deviceLine =
  /^(sent from my \S[^\n]{0,40}|get outlook for \S[^\n]{0,20}|envoyé de mon \S[^\n]{0,40}|von meinem \S[^\n]{0,40} gesendet|enviado desde mi \S[^\n]{0,40})\.?$/i

function withoutSignature(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => !isBlank(line))
  const kept = deviceLine.test(lines[last]?.trim() ?? '') ? lines.slice(0, last) : lines
  const mark = kept.findLastIndex((line) => /^-- ?$/.test(line))
  return mark > 0 && kept.length - mark <= signatureLength ? kept.slice(0, mark) : kept
}
