import { fileTypeFromFile } from 'file-type'
import { headOf } from './disk-store.ts'

const sniffed = 4_096

/** Whether a local file is what its media type says. Text has no mark of its own: it is what nothing else is, and no page or script. */
export async function isOfType(path: string, contentType: string): Promise<boolean> {
  const found = await fileTypeFromFile(path)
  if (!contentType.startsWith('text/')) return found?.mime.split(';')[0]?.trim() === contentType
  return found === undefined && isHarmlessText(await headOf(path, sniffed))
}

/** Pure. */
export function isHarmlessText(head: Uint8Array): boolean {
  // A character may be cut at the end of what is looked at, so old encodings are not told from UTF-8 here.
  const text = Buffer.from(head).toString('utf8').trimStart().toLowerCase()
  return !head.includes(0) && !/^(\ufeff)?\s*(<[!?a-z]|#!)/.test(text)
}
