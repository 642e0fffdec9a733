import type { ApolloClient } from '@apollo/client'
import { TicketDraftNowDocument } from './composer/generated/Composer.ts'
import { TicketPageDocument } from './generated/Ticket.ts'

/** Asks for what a ticket's page shows first. What is known already is not asked for again. @public */
export function preloadNow(apollo: ApolloClient, number: number): void {
  const variables = { number }
  // Whoever opens the page is told what went wrong; here nobody waits.
  apollo.query({ query: TicketPageDocument, variables }).catch(() => {})
  apollo.query({ query: TicketDraftNowDocument, variables }).catch(() => {})
  preloadCode()
}

/** What stands beside a ticket: it is needed a moment later, and then the connection may be away. */
export function preloadCode(): void {
  import('../ticket-side/side.tsx').catch(() => {})
  import('../customer/panel.tsx').catch(() => {})
}
