import { ApolloClient } from '@apollo/client'
import type { ApolloLink } from '@apollo/client'
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { LiveStatus } from '@quimbi/live/types.ts'
import type { SessionStore } from '../session/store.ts'
import { createCache } from './cache.ts'
import { linkTo } from './links.ts'
import { createLive, type Live } from './live.ts'
import { createServices, type Services, type ServiceStatus } from './services.ts'

/** The way to the graph: queries and mutations (`apollo`), subscriptions (`live`), who is away (`services`). */
export type Graph = { apollo: ApolloClient; live: Live; services: Services; session: SessionStore }

/** What stands for the network where there is none: the local demo, and tests. */
export type GraphOverrides = { link?: ApolloLink; live?: (apollo: ApolloClient) => Live }

export function createGraph(url: string, session: SessionStore, overrides: GraphOverrides = {}): Graph {
  const services = createServices()
  const apollo = new ApolloClient({
    cache: createCache(),
    link: overrides.link ?? linkTo(url, { session, services }),
    // A missing part hides nothing else: what came is shown, with what is missing said beside it.
    defaultOptions: {
      // Asked again, a list that grows page by page keeps what came meanwhile.
      watchQuery: { errorPolicy: 'all', refetchWritePolicy: 'merge' },
      query: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'all' },
    },
  })
  return { apollo, live: overrides.live?.(apollo) ?? createLive(url, session, apollo), services, session }
}

declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all'
      }
      interface Query {
        errorPolicy: 'all'
      }
      interface Mutate {
        errorPolicy: 'all'
      }
    }
  }
}

export const GraphContext = createContext<Graph | null>(null)

export function useGraph(): Graph {
  const graph = useContext(GraphContext)
  if (!graph) throw new Error('useGraph is used outside of the providers')
  return graph
}

export function useLiveStatus(): LiveStatus {
  const { live } = useGraph()
  return useSyncExternalStore(live.onStatus, live.status)
}

export function useServiceStatus(): ServiceStatus {
  const { services } = useGraph()
  return useSyncExternalStore(services.subscribe, services.current)
}
