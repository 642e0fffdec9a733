import { codedError } from '@quimbi/service/errors.ts'
import { beyondLog, decodePosition, encodePosition, logBounds } from '@quimbi/subgraph/log-cursor.ts'
import type { Db } from '../database.ts'

/** How many figures one entry of the log may tell of: a place in the stream is an entry's and a figure's in it. */
const figures = 3

/** The last change of which a subscriber was told: the `figure`th, from 0, of an entry of the log. */
export type Place = { sequence: bigint; figure: number }

/** Places in their order: three for each entry. */
export const numberOfPlace = ({ sequence, figure }: Place): bigint => sequence * BigInt(figures) + BigInt(figure)

/** As the log's cursors, which count entries. */
export const encodePlace = (tenantId: string, place: Place): string => encodePosition(tenantId, numberOfPlace(place))

/** BAD_USER_INPUT for a cursor that is damaged or another tenant's. */
export function decodePlace(tenantId: string, cursor: string): Place {
  const place = decodePosition(tenantId, cursor)
  const sequence = place / BigInt(figures)
  // Of no entry: only that all of them are still to come.
  if (sequence === 0n && place !== BigInt(figures - 1))
    throw codedError('BAD_USER_INPUT', 'This is no cursor of this stream.')
  return { sequence, figure: Number(place % BigInt(figures)) }
}

/** The place after which only what comes from now on is told. */
export async function placeNow(db: Db, tenantId: string): Promise<string> {
  const { head: sequence } = await logBounds(db, tenantId)
  return encodePlace(tenantId, { sequence, figure: figures - 1 })
}

/**
 * The sequence after which to read on, so that nothing after the place is missed: before its own entry, unless that has been told whole. Without a
 * place, the log's end. RESYNC_REQUIRED for a place before the log, or beyond it.
 */
export async function readAfter(db: Db, tenantId: string, place: Place | null): Promise<bigint> {
  const { start, head } = await logBounds(db, tenantId)
  if (!place) return head
  const { sequence, figure } = place
  const after = figure === figures - 1 ? sequence : sequence - 1n
  if (after < start || sequence > head) throw beyondLog()
  return after
}
