import { createHash } from 'node:crypto'
import { decodeCursor, encodeCursor } from '@quimbi/service/cursors.ts'
import { isUuid } from '@quimbi/service/loaders.ts'
import { actionKinds, type ActionKind } from './advice.ts'

/** Which advice it is: the same advice about the same matter has the same id, so that nothing is kept when it is given. */
export type AdvisedAction = {
  kind: ActionKind
  /** Null of one whom Intelligence does not know. */
  customerId: string | null
  ticketId: string | null
  /** Tells one conversation, or one day, from another. */
  revision: string
}

/** A revision of whatever made the advice what it is. */
export const revisionOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)

export const actionId = ({ kind, customerId, ticketId, revision }: AdvisedAction): string =>
  encodeCursor([kind, customerId ?? '', ticketId ?? '', revision])

/** Null for what is no advised action's id. */
export function readActionId(id: string): AdvisedAction | null {
  const [kind, customerId, ticketId, revision] = partsOf(id) ?? []
  const known = actionKinds.find((one) => one === kind)
  const areIds = [customerId, ticketId].every((part) => part === '' || (part !== undefined && isUuid(part)))
  if (!known || !areIds || !/^[\w-]{22}$/.test(revision ?? '')) return null
  return { kind: known, customerId: customerId || null, ticketId: ticketId || null, revision: revision ?? '' }
}

function partsOf(id: string): string[] | null {
  try {
    return decodeCursor(id, ['string', 'string', 'string', 'string'])
  } catch {
    return null
  }
}
