import { hash } from 'node:crypto'

/**
 * An id that follows from what it names, so that a second run finds what the first brought, and from a time, so that neighbours in a file
 * are neighbours in the indexes: with ids in no order, each row of a long import would touch pages of its own in several of them. UUIDv8:
 * 48 bits of milliseconds since 1970, then a hash.
 */
export function timedId(tenantId: string, at: Date, ...name: string[]): string {
  const time = at.getTime().toString(16).padStart(12, '0')
  const digest = hash('sha1', JSON.stringify([tenantId, ...name]))
  const variant = ((Number.parseInt(digest.charAt(3), 16) & 3) | 8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-8${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`
}
