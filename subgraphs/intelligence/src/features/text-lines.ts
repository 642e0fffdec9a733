import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** A line that is too long is given as null. */
const maxLength = 100_000

/**
 * A text file's lines in batches, without their ends; gzip is told by its first bytes. `onRead` hears what share of the file is read, 0…1.
 * Throws what the file system or zlib throws.
 */
export async function* textLines(
  path: string,
  onRead: (share: number) => void = () => {},
): AsyncGenerator<(string | null)[]> {
  const { size } = await stat(path)
  const file = createReadStream(path, { highWaterMark: 1 << 18 })
  const decoder = new TextDecoder()
  let rest = ''
  let isSkipping = false
  for await (const chunk of unpacked(file)) {
    onRead(Math.min(1, file.bytesRead / Math.max(1, size)))
    const lines: (string | null)[] = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (isSkipping && lines.length > 0) {
      lines[0] = null
      isSkipping = false
    }
    if (isSkipping || rest.length > maxLength) {
      rest = ''
      isSkipping = true
    }
    if (lines.length > 0) yield lines.map(tidy)
  }
  if (isSkipping) yield [null]
  else if (rest !== '') yield [tidy(rest)]
}

const tidy = (line: string | null) =>
  line === null || line.length > maxLength ? null : line.endsWith('\r') ? line.slice(0, -1) : line

async function* unpacked(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = file[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done) return
  const whole = following(first.value, chunks)
  const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b
  if (!isPacked) return yield* whole
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  const packed = Readable.from(whole)
  packed.on('error', (error) => gunzip.destroy(error))
  gunzip.on('close', () => packed.destroy()) // when the reader leaves early
  yield* packed.pipe(gunzip)
}

async function* following(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

/** The cells of one record, or null for a broken quote. A record is one line: so a broken quote costs no other. */
export function cellsOf(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',')
  const cells: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y
  for (;;) {
    const match = cell.exec(line)
    if (!match) return null
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '') return cells
  }
}
