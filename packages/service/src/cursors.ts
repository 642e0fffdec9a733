import { codedError } from './errors.ts'

/** The kinds of a cursor's parts, in order. */
export type CursorShape = readonly ('string' | 'number')[]
export type CursorParts<S extends CursorShape> = { -readonly [K in keyof S]: S[K] extends 'string' ? string : number }

const maxLength = 1024

/** The sort key of a row as an opaque text. */
export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The sort key back. BAD_USER_INPUT for anything that encodeCursor did not write, or wrote for another list. */
export function decodeCursor<const S extends CursorShape>(cursor: string, shape: S): CursorParts<S> {
  const parts = cursor.length <= maxLength ? parseParts(cursor) : undefined
  const fits =
    parts?.length === shape.length && parts.every((part, index) => typeof part === shape[index] && encodable(part))
  // Base64 has several spellings of one value: only ours is accepted.
  if (!fits || encodeCursor(parts as (string | number)[]) !== cursor) {
    throw codedError('BAD_USER_INPUT', 'The cursor is not one of this list')
  }
  return parts as unknown as CursorParts<S>
}

function parseParts(cursor: string): unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parts) ? parts : undefined
  } catch {
    return undefined
  }
}

function encodable(part: unknown): boolean {
  return typeof part === 'string' || Number.isFinite(part)
}
