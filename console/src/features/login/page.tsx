import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore } from 'react'
import { useGraph } from '../../graph/graph.tsx'
import type { SignOutReason } from '../../session/store.ts'
import { useTitle } from '../../ui/page.tsx'
import { LoginForm } from './form.tsx'
import { TryDemo } from './try-demo.tsx'

const reasons: Record<SignOutReason, string> = {
  SIGNED_OUT: 'You are logged out.',
  EXPIRED: 'Your login has ended after its 24 hours. Log in again to go on where you were; what you wrote is kept.',
  ENDED:
    'Your login was ended: elsewhere, or by an administrator. Log in again to go on where you were; what you wrote is kept.',
}

/** The way in, and back to where one was. */
export function LoginPage() {
  useTitle('Log in')
  const { session } = useGraph()
  const { from = '/inbox' } = useSearch({ from: '/login' })
  const navigate = useNavigate()
  const login = useSyncExternalStore(session.subscribe, session.current)
  const reason = useSyncExternalStore(session.subscribe, session.reason)
  // Also when one has logged in in another tab.
  useEffect(() => {
    if (login) void navigate({ href: from, replace: true })
  }, [login, from, navigate])
  return (
    <main className="grid h-full place-items-center overflow-y-auto bg-ground p-4">
      <div className="flex w-full max-w-sm flex-col gap-5">
        <header className="flex flex-col items-center gap-2 text-center">
          <img src="/icon.svg" alt="" className="size-11" />
          <h1 className="text-2xl font-semibold tracking-tight">Quimbi</h1>
          <p className="text-sm text-ink-soft">The inbox in order, the customer understood.</p>
        </header>
        {reason && (
          <p role="status" className="rounded-md bg-note-soft px-3 py-2 text-sm text-note">
            {reasons[reason]}
          </p>
        )}
        <LoginForm />
        <TryDemo />
      </div>
    </main>
  )
}
