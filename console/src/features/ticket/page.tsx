import { PageHeader } from '../../ui/page.tsx'

/** A ticket: conversation, composer, and beside them what is known. */
export function TicketPage({ number }: { number: number }) {
  return <PageHeader title={`Ticket ${number}`} />
}
