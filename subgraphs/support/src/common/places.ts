import { decodeCursor } from '@quimbi/service/cursors.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { isStorable } from './text.ts'

/** Where a page goes on: the sort key and the id of the last row of the one before. BAD_USER_INPUT for a cursor of no list. */
export function placeOf<K extends 'string' | 'number'>(cursor: string, kind: K) {
  const [key, id] = decodeCursor(cursor, [kind, 'string'])
  // Checked here: the database would refuse them as an error of ours.
  if (!isUuid(id) || (typeof key === 'string' && !isStorable(key))) throw ofNoList()
  return [key, id] as const
}

/** The same of a list by time. */
export function placeInTime(cursor: string): readonly [Date, string] {
  const [key, id] = placeOf(cursor, 'string')
  const instant = new Date(key)
  if (!/^\d{4}-/.test(key) || Number.isNaN(instant.getTime())) throw ofNoList()
  return [instant, id]
}

const ofNoList = () => codedError('BAD_USER_INPUT', 'The cursor is not one of this list')
