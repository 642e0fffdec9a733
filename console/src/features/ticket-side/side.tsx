import { Section } from '../../ui/page.tsx'

/** What is known and to be done of a ticket: next best actions, SLA clocks, score, decisions, history. */
export function TicketSide({ ticketId }: { ticketId: string }) {
  return <Section title="Ticket">{ticketId}</Section>
}
