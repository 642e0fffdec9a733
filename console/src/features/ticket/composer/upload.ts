import type { ApolloClient } from '@apollo/client'
import { sentence } from '../../../graph/errors.ts'
import { mutate } from '../../../graph/mutate.ts'
import { atThisOrigin } from '../conversation/file-address.ts'
import { TicketRequestUploadDocument } from './generated/Composer.ts'

const mostBytes = 25 * 1024 * 1024

/** Why a file is not taken, before anything is asked; null where it may be. */
export function refusalOf({ name, size }: Pick<File, 'name' | 'size'>): string | null {
  if (size === 0) return `${name} is empty.`
  return size > mostBytes ? `${name} is larger than 25 MB.` : null
}

export type Uploaded = { id: string; fileName: string }

/** Announces a file, puts its bytes where it is told to, and returns its id. Throws an `Error` with a sentence for the person. */
export async function upload(
  apollo: ApolloClient,
  file: File,
  { onProgress, signal }: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<Uploaded> {
  const input = {
    fileName: file.name,
    byteSize: file.size,
    contentType: file.type || 'application/octet-stream',
    sha256: await sha256Of(file),
  }
  const outcome = await mutate(apollo, TicketRequestUploadDocument, { input }, { isQuiet: true })
  if (!outcome.isGood) throw new Error(`${file.name}: ${outcome.errors.map(sentence).join(' ')}`)
  const { uploadUrl, attachment } = outcome.payload
  if (!attachment) throw new Error(`${file.name} was not taken.`)
  if (uploadUrl) await put(atThisOrigin(uploadUrl), file, { onProgress, signal })
  return { id: attachment.id, fileName: attachment.fileName }
}

async function sha256Of(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** `fetch` tells nothing of how far an upload got. */
function put(
  url: string,
  file: File,
  { onProgress, signal }: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = () => reject(new Error(`${file.name} was not uploaded. Try again.`))
    request.open('PUT', url)
    if (file.type) request.setRequestHeader('content-type', file.type)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total)
    request.onload = () => (request.status < 300 ? resolve() : fail())
    request.onerror = fail
    request.onabort = fail
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
