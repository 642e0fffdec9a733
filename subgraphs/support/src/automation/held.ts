import type { LockedTicket } from '../tickets/change-store.ts'

/** Locked tickets, each to be taken once: what was done with it since, the next must read. */
export type Held = { take(ticketId: string): readonly LockedTicket[] | undefined }

/** For who locked many at once. */
export function holding(locked: readonly LockedTicket[]): Held {
  const byId = new Map(locked.map((one) => [one.ticket.id, one]))
  return {
    take(ticketId) {
      const one = byId.get(ticketId)
      byId.delete(ticketId)
      return one && [one]
    },
  }
}
