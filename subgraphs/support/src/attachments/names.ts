import { refuse } from '@quimbi/service/errors.ts'

/** Media types that people may send each other, with the extensions by which they are called. */
const types: Readonly<Record<string, readonly string[]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/heic': ['heic'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'log'],
  'text/csv': ['csv'],
  'application/zip': ['zip'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'audio/mpeg': ['mp3'],
  'audio/ogg': ['ogg', 'oga'],
  'audio/wav': ['wav'],
  'video/mp4': ['mp4'],
  'video/webm': ['webm'],
  'video/quicktime': ['mov'],
}

const maxName = 200
export const maxBytes = 25 * 1024 * 1024

/** Whether files of this media type are taken. */
export const isAllowedType = (contentType: string): boolean => Object.hasOwn(types, contentType)

/** A media type without parameters, in small letters; INVALID for one that is not taken. */
export function allowedType(contentType: string, path: string[]): string {
  const [type = ''] = contentType.toLowerCase().split(';')
  const plain = type.trim()
  return isAllowedType(plain) ? plain : refuse('INVALID', 'Files of this type are not taken.', path)
}

/**
 * A file's name for people: without folders, controls and marks that turn the direction of reading (so that "exe.gpj" cannot look like
 * something else), at most 200 characters, and with an extension of its media type.
 */
export function safeName(fileName: string, contentType: string): string {
  const bare = fileName
    .toWellFormed()
    .normalize('NFC')
    .split(/[/\\]/)
    .at(-1)!
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029<>:"|?*]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  const extensions = types[contentType] ?? []
  const suffix = /\.([^.\s]{1,10})$/.exec(bare)?.[1]?.toLowerCase()
  const isRight = suffix !== undefined && extensions.includes(suffix)
  const extension = isRight ? suffix : extensions[0]
  const stem = (isRight ? bare.slice(0, -suffix.length - 1) : bare) || 'file'
  if (extension === undefined) return stem.slice(0, maxName).toWellFormed()
  return `${stem.slice(0, maxName - extension.length - 1).toWellFormed()}.${extension}`
}
