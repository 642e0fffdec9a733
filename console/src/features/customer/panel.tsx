import { Section } from '../../ui/page.tsx'

/** Who writes: what they are like, and what they will probably do. Beside a ticket. */
export function CustomerPanel({ customerId }: { customerId: string }) {
  return <Section title="Customer">{customerId}</Section>
}
