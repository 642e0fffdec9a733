import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MissingFile, type FileKey, type FileStore } from './store.ts'

/** Files below a folder, named by their hash. */
export function diskStore(filesDir: string): FileStore {
  const pathOf = ({ tenantId, sha256 }: FileKey) => join(filesDir, 'attachments', tenantId, sha256.slice(0, 2), sha256)
  return {
    async put(key, path) {
      const target = pathOf(key)
      await mkdir(dirname(target), { recursive: true })
      // Nobody ever sees half of it. Where the file is gone, an earlier try moved it here before its transaction failed.
      await rename(path, target).catch((error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? access(target) : Promise.reject(error),
      )
    },
    async open(key) {
      const handle = await open(pathOf(key)).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'ENOENT' ? new MissingFile(key, { cause }) : cause
      })
      return handle.createReadStream()
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  }
}

/** Where files wait until they are known to be whole; beside the store, so that a rename is enough. */
const waitingRoom = (filesDir: string) => join(filesDir, 'uploads')

export type LocalFile = { path: string; byteSize: number; sha256: string }

/** More bytes than were announced. */
export class TooManyBytes extends Error {
  constructor() {
    super('The file is larger than announced.')
    this.name = 'TooManyBytes'
  }
}

/** Runs `use` with the bytes in a local file, synced; the file is gone afterwards. Reads no further than `limit` bytes: TooManyBytes. */
export async function withLocalFile<T>(
  filesDir: string,
  bytes: Readable,
  limit: number,
  use: (file: LocalFile) => Promise<T>,
): Promise<T> {
  await mkdir(waitingRoom(filesDir), { recursive: true })
  const path = join(waitingRoom(filesDir), randomUUID())
  const hash = createHash('sha256')
  let byteSize = 0
  // Left undestroyed where it is too long: an answer can still be given on the connection that it comes by.
  async function* measured() {
    for await (const chunk of bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      byteSize += chunk.length
      if (byteSize > limit) throw new TooManyBytes()
      hash.update(chunk)
      yield chunk
    }
  }
  // Opened first: a stream that opens it by itself may do so after it was refused, and after what follows has looked for it.
  const file = await open(path, 'wx')
  try {
    await pipeline(measured, file.createWriteStream({ flush: true }))
    return await use({ path, byteSize, sha256: hash.digest('hex') })
  } finally {
    await rm(path, { force: true })
  }
}

/** Deletes what uploads left behind that were cut off before `before`; returns how many. */
export async function clearWaitingRoom(filesDir: string, before: Date): Promise<number> {
  const names = await readdir(waitingRoom(filesDir)).catch(() => [])
  let cleared = 0
  for (const name of names) {
    const path = join(waitingRoom(filesDir), name)
    const facts = await stat(path).catch(() => null)
    if (!facts || facts.mtime >= before) continue
    await rm(path, { force: true })
    cleared += 1
  }
  return cleared
}

/** The beginning of a local file. */
export async function headOf(path: string, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
