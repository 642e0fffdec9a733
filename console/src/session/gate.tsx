import { useQuery } from '@apollo/client/react'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { useGraph } from '../graph/graph.tsx'
import { ErrorState, Skeleton } from '../ui/state.tsx'
import { SessionViewerNowDocument } from './generated/Session.ts'
import { whoIs, type Login } from './store.ts'
import { ViewerContext } from './viewer.tsx'

/** Longer waits than this one a browser takes for none: ms. */
const longestMs = 2 ** 31 - 1

/** Lets in who is logged in; everybody else is led to the login, and back to where they wanted to be. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { session } = useGraph()
  const login = useSyncExternalStore(session.subscribe, session.current)
  const navigate = useNavigate()
  const wanted = useRouterState({ select: ({ location }) => location.href })
  const isAway = useRouterState({ select: ({ location }) => location.pathname === '/login' })
  useEffect(() => {
    if (!login && !isAway)
      void navigate({ to: '/login', search: wanted === '/' ? {} : { from: wanted }, replace: true })
  }, [login, navigate, wanted, isAway])
  useExpiry(login)
  return login ? <LoggedIn key={whoIs(login)}>{children}</LoggedIn> : null
}

/** A login ends when its time is over, though nothing is asked. */
function useExpiry(login: Login | null): void {
  const { session } = useGraph()
  useEffect(() => {
    if (!login) return
    const left = Date.parse(login.expiresAt) - Date.now()
    if (left > longestMs) return
    const timer = setTimeout(() => session.set(null, 'EXPIRED'), left)
    return () => clearTimeout(timer)
  }, [session, login])
}

function LoggedIn({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery(SessionViewerNowDocument)
  if (data?.viewer.agent) return <ViewerContext value={data.viewer}>{children}</ViewerContext>
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return <Skeleton className="m-4 h-8 w-48" />
}
