import type { ApolloClient } from '@apollo/client'

// Kept: to ask for a module again, though it is there, waits behind what the browser does for the press that asks.
let loaded: typeof import('./preload-now.ts') | undefined

const withCode = (ask: (code: typeof import('./preload-now.ts')) => void): void => {
  if (loaded) return ask(loaded)
  import('./preload-now.ts').then(
    (code) => {
      loaded = code
      ask(code)
    },
    () => {},
  )
}

/** Fetches what a ticket's page shows first, so that it opens at once: its code, then its data. */
export const preloadTicket = (apollo: ApolloClient, number: number): void =>
  withCode(({ preloadNow }) => preloadNow(apollo, number))

/** Fetches only the code, for whichever ticket is opened first. */
export const preloadTicketCode = (): void => withCode(({ preloadCode }) => preloadCode())
