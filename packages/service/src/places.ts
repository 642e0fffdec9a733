import { decodeCursor } from './cursors.ts'
import { codedError } from './errors.ts'
import { isUuid } from './loaders.ts'

/** Whether PostgreSQL can hold it, or look for it: it refuses U+0000. */
export const isStorable = (value: string): boolean => !value.includes('\u0000')

type Optional<T> = T | null | undefined

/** Far beyond any; from 2⁵³ on Prisma would not pass a number on exactly. */
const largestRank = 1e15

/**
 * Where a page goes on: the sort key and the id of the last row of the one before; null at the beginning.
 * BAD_USER_INPUT for a cursor of no list.
 */
export function placeOf<K extends 'string' | 'number'>(cursor: Optional<string>, kind: K) {
  if (cursor === null || cursor === undefined) return null
  const [key, id] = decodeCursor(cursor, [kind, 'string'])
  // Checked here: the database would refuse them as an error of ours.
  const isKey = typeof key === 'string' ? isStorable(key) : Math.abs(key) < largestRank
  if (!isUuid(id) || !isKey) throw ofNoList()
  return [key, id] as const
}

/** The same of a list by time. */
export function placeInTime(cursor: Optional<string>): readonly [Date, string] | null {
  const place = placeOf(cursor, 'string')
  if (!place) return null
  const [key, id] = place
  const instant = new Date(key)
  if (!/^(?!0000)\d{4}-/.test(key) || Number.isNaN(instant.getTime())) throw ofNoList()
  return [instant, id]
}

const ofNoList = () => codedError('BAD_USER_INPUT', 'The cursor is not one of this list')
