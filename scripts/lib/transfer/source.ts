import type { Stats } from 'node:fs'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** A file being read: its text, what it looks like, and how far in the file we are. */
export type Source = {
  text: AsyncIterable<string>
  /** told by its first character */
  kind: 'csv' | 'jsonl'
  /** bytes read from disk so far, as they lie there (compressed or not) */
  bytesRead(): number
  /** bytes on disk; null for standard input */
  size: number | null
}

/** Opens a file, or standard input for `-`; what is gzipped is unpacked, whatever its name. Throws if it cannot be read. */
export async function openSource(path: string): Promise<Source> {
  const size = path === '-' ? null : (await opened(path)).size
  let bytes = 0
  const input: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 16 })
  const counted = counting(input, (length) => (bytes += length))
  const start = await counted.next()
  const first = start.done ? Buffer.alloc(0) : start.value
  const packed = first[0] === 0x1f && first[1] === 0x8b
  const text = decoded(packed ? unpacked(first, counted) : following(first, counted))
  const opening = await text.next()
  const head = opening.done ? '' : opening.value
  return {
    text: following(head, text),
    kind: /^\s*(\{|$)/.test(head) ? 'jsonl' : 'csv', // an export of nothing is an empty file
    bytesRead: () => bytes,
    size,
  }
}

/** What lies at the path; a missing file and a folder are said in plain words. */
async function opened(path: string): Promise<Stats> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error(`There is no file ${path}.`) : error
  })
  if (found.isDirectory()) throw new Error(`${path} is a folder, not a file.`)
  return found
}

async function* counting(input: AsyncIterable<Buffer>, count: (length: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    count(chunk.length)
    yield chunk
  }
}

async function* following<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}

function unpacked(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  const packed = Readable.from(following(first, rest))
  packed.on('error', (error) => gunzip.destroy(error))
  gunzip.on('close', () => packed.destroy()) // when the reader leaves early
  return packed.pipe(gunzip)
}

/** Text with at least one character a piece; a byte order mark is dropped. */
async function* decoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true })
    if (text !== '') yield text
  }
  const end = decoder.decode()
  if (end !== '') yield end
}
