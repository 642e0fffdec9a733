import { useQuery } from '@apollo/client/react'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { useGraph } from '../graph/graph.tsx'
import { ErrorState, Skeleton } from '../ui/state.tsx'
import { SessionViewerNowDocument } from './generated/Session.ts'
import { ViewerContext } from './viewer.tsx'

/** Lets in who is logged in; everybody else is led to the login, and back to where they wanted to be. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { session } = useGraph()
  const login = useSyncExternalStore(session.subscribe, session.current)
  const navigate = useNavigate()
  const wanted = useRouterState({ select: ({ location }) => location.href })
  useEffect(() => {
    if (!login) void navigate({ to: '/login', search: wanted === '/' ? {} : { from: wanted }, replace: true })
  }, [login, navigate, wanted])
  return login ? <LoggedIn key={login.accessToken}>{children}</LoggedIn> : null
}

function LoggedIn({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery(SessionViewerNowDocument)
  if (data?.viewer.agent) return <ViewerContext value={data.viewer}>{children}</ViewerContext>
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return <Skeleton className="m-4 h-8 w-48" />
}
