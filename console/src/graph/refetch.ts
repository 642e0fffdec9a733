import type { ApolloClient } from '@apollo/client'

/** Asks again for what is on the screen and came with something missing, or not at all. */
export function refetchMissing(apollo: ApolloClient): void {
  for (const query of apollo.getObservableQueries('active')) {
    const { error } = query.getCurrentResult()
    // Another failure is shown where the query is.
    if (error) query.refetch().catch(() => {})
  }
}
