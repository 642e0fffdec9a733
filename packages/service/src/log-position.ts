import { codedError } from './errors.ts'

const version = 'q1'

/** A place in a tenant's log as clients hold it: one place, one text. Later places have higher numbers. */
export const encodePosition = (tenantId: string, sequence: bigint): string =>
  Buffer.from(`${version}:${tenantId}:${sequence}`).toString('base64url')

/** The number in a cursor; BAD_USER_INPUT for one that is damaged or another tenant's. */
export function decodePosition(tenantId: string, cursor: string): bigint {
  const sequence = positionIn(tenantId, cursor)
  if (sequence !== null) return sequence
  throw codedError('BAD_USER_INPUT', 'This is no cursor of the log.')
}

/** The number in a cursor; null for one that is damaged or another tenant's. */
export function positionIn(tenantId: string, cursor: string): bigint | null {
  const [mark, tenant, digits = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(':')
  if (mark !== version || tenant !== tenantId || !/^\d{1,18}$/.test(digits)) return null
  const sequence = BigInt(digits)
  // Base64 and numbers have several spellings of one value: only ours is accepted.
  return encodePosition(tenantId, sequence) === cursor ? sequence : null
}
