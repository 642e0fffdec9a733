import { maxRecordLength, type Chunk } from './rows.ts'

/** Reads one JSON value a line. Empty lines are skipped. */
export async function* readJsonLines(chunks: AsyncIterable<string>): AsyncGenerator<Chunk> {
  let text = ''
  let line = 0
  for await (const chunk of chunks) {
    text += chunk
    // Not node:readline: it also splits at U+2028, which JSON leaves as it is inside a string.
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    if (text.length > maxRecordLength)
      throw new Error(`Line ${line + lines.length + 1} is longer than ${maxRecordLength} characters.`)
    if (lines.length > 0) yield parseLines(lines)
  }
  if (text !== '') yield parseLines([text])

  function parseLines(lines: readonly string[]): Chunk {
    const out: Chunk = { rows: [], broken: [] }
    for (const raw of lines) {
      line += 1
      if (raw.trim() === '') continue
      try {
        out.rows.push({ line, raw: JSON.parse(raw) as unknown })
      } catch {
        out.broken.push({ line, raw: raw.slice(0, 10_000), problem: 'no JSON' })
      }
    }
    return out
  }
}
