import { readCsv } from './csv.ts'
import { readJsonLines } from './json-lines.ts'
import type { Chunk } from './rows.ts'
import { openSource } from './source.ts'

/** A file of records: the header of a CSV file is taken off, JSON lines have none. */
export type RecordFile = {
  header: readonly string[] | null
  chunks: AsyncIterable<Chunk>
  bytesRead(): number
  size: number | null
}

/** Opens a file of records. @throws Error when it cannot be read or is empty */
export async function openFile(path: string): Promise<RecordFile> {
  const { text, kind, bytesRead, size } = await openSource(path)
  if (kind === 'jsonl') return { header: null, chunks: readJsonLines(text), bytesRead, size }
  const chunks = readCsv(text)
  const first = await chunks.next()
  const header = first.done ? undefined : first.value.rows.shift()?.raw
  if (first.done || !header) throw new Error('The file is empty.')
  return { header: header.map((name) => name.trim()), chunks: following(first.value, chunks), bytesRead, size }
}

async function* following(first: Chunk, rest: AsyncGenerator<Chunk>): AsyncGenerator<Chunk> {
  yield first
  yield* rest
}
