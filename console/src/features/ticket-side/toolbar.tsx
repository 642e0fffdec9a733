/** What can be done with a ticket: status, assignee, snooze, priority, tags, more. */
export function TicketToolbar({ ticketId }: { ticketId: string }) {
  return <div role="toolbar" aria-label="Ticket" data-ticket={ticketId} />
}
