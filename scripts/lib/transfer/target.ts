import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** Where an export goes. */
export type Target = {
  /** returns when there is room for more */
  write(text: string): Promise<void>
  /** makes the file appear under its name */
  complete(): Promise<void>
  /** leaves no trace */
  abandon(): Promise<void>
}

/** Opens a file, gzipped if its name says so, or standard output for `-`. */
export async function openTarget(path: string): Promise<Target> {
  if (path === '-') {
    return {
      write: (text) => push(process.stdout, text),
      complete: async () => {},
      abandon: async () => {},
    }
  }
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.part`
  const file = createWriteStream(draft, { mode: 0o600, flush: true }) // it may hold personal data
  const ended = finished(file)
  ended.catch(() => {}) // told by `write` or `complete`
  const gzip = path.endsWith('.gz') ? createGzip() : null
  gzip?.pipe(file)
  const input = gzip ?? file
  return {
    write: (text) => Promise.race([push(input, text), ended]),
    async complete() {
      input.end()
      await ended
      await rename(draft, path)
    },
    async abandon() {
      gzip?.destroy()
      file.destroy()
      await ended.catch(() => {})
      await rm(draft, { force: true })
    },
  }
}

async function push(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain')
}
