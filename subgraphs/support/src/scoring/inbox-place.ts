import { createHash } from 'node:crypto'
import { decodeCursor, encodeCursor } from '@quimbi/service/cursors.ts'
import { codedError } from '@quimbi/service/errors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import type { Formula } from './score.ts'

/** Where a page of the inbox goes on: below `key`, and of equal ones after `id`. */
export type InboxPlace = {
  key: number
  id: string
  /** The instant that INVERSE_HOURS orders by, the same for all pages; empty with LINEAR_DAYS, whose order stands still. */
  at: string
}

/** What the order is made by, in short: a cursor of another order is worth nothing. */
export const basisOf = (formula: Formula, alerts: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([formula, alerts]))
    .digest('base64url')
    .slice(0, 16)

export const encodePlace = ({ key, id, at }: InboxPlace, basis: string): string => encodeCursor([key, id, basis, at])

/** Far beyond any. */
const largestKey = 1e15

/** The place of a cursor; BAD_USER_INPUT for one of another list, or of another formula or other topic alerts. */
export function decodePlace(cursor: string | null | undefined, basis: string): InboxPlace | null {
  if (cursor === null || cursor === undefined) return null
  const [key, id, own, at] = decodeCursor(cursor, ['number', 'string', 'string', 'string'])
  const isInstant = at === '' || (/^(?!0000)\d{4}-/.test(at) && !Number.isNaN(new Date(at).getTime()))
  if (!isUuid(id) || !isInstant || Math.abs(key) >= largestKey)
    throw codedError('BAD_USER_INPUT', 'The cursor is not one of this list')
  if (own !== basis)
    throw codedError(
      'BAD_USER_INPUT',
      'The scoring formula or the topic alerts changed since this cursor was given: read the inbox from its first page.',
    )
  return { key, id, at }
}
