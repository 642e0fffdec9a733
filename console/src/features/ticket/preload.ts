import type { ApolloClient } from '@apollo/client'

/** Fetches what a ticket's page shows first, so that it opens at once: its code, then its data. */
export function preloadTicket(apollo: ApolloClient, number: number): void {
  import('./preload-now.ts').then(
    ({ preloadNow }) => preloadNow(apollo, number),
    () => {},
  )
}
