import type { Readable } from 'node:stream'
import type { SupportSettings } from '../settings.ts'
import { diskStore } from './disk-store.ts'
import { s3Store } from './s3-store.ts'

/** A file's bytes by what they are: the same content is kept once a tenant. */
export type FileKey = { tenantId: string; sha256: string }

/** Where the bytes of attachments are kept. */
export type FileStore = {
  /** Takes over a complete local file, whole or not at all. The same content again changes nothing. */
  put(key: FileKey, path: string): Promise<void>
  /** Throws MissingFile where it is not there. The caller reads the stream to its end or destroys it. */
  open(key: FileKey): Promise<Readable>
  /** Succeeds also where it is not there. */
  remove(key: FileKey): Promise<void>
}

/** The bytes of a file that is known are not where they should be. */
export class MissingFile extends Error {
  constructor({ sha256 }: FileKey, options?: ErrorOptions) {
    super(`The bytes of the file ${sha256} are not in the store.`, options)
    this.name = 'MissingFile'
  }
}

/** The bucket where one is configured, else a folder. It holds nothing open. */
export const createFileStore = ({ s3, filesDir }: Pick<SupportSettings, 's3' | 'filesDir'>): FileStore =>
  s3 ? s3Store(s3) : diskStore(filesDir)
