/** Priorities as the scoring formula sees them. */
const urgency = { URGENT: 4, HIGH: 3, NORMAL: 1, LOW: 0.5 } as const

export type TicketPriority = keyof typeof urgency

const urgencyWeight = 1.5
const agePointsPerDay = 1.0
const millisecondsPerDay = 86_400_000

/**
 * The inbox order as a constant. A ticket's score rises by one point a day, and so does every other's: the part that
 * moves with time is the same for all, and what is left, `urgency − days since the epoch at creation`, can be indexed.
 * Source: design/support.md, "Smart inbox", the default formula with the components known so far.
 */
export function ticketRank(ticket: { priority: TicketPriority; createdAt: Date }): number {
  return urgency[ticket.priority] * urgencyWeight - (ticket.createdAt.getTime() / millisecondsPerDay) * agePointsPerDay
}
