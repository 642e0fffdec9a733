/** A login as it is kept between visits. */
export type Login = { accessToken: string; expiresAt: string; tenant: string; email: string }

/** Who is logged in at this browser. Tabs share it: logging out in one logs out all. */
export type SessionStore = {
  current(): Login | null
  set(login: Login | null, reason?: SignOutReason): void
  /** Why the last login ended; null while there is one, or where there never was. */
  reason(): SignOutReason | null
  subscribe(listener: () => void): () => void
}

/** By oneself; because its time was over; because the server ended it. */
export type SignOutReason = 'SIGNED_OUT' | 'EXPIRED' | 'ENDED'

const key = 'quimbi.login'

export function createSessionStore(storage: Storage = localStorage): SessionStore {
  const listeners = new Set<() => void>()
  const kept = read(storage)
  let login = kept && !isOver(kept) ? kept : null
  let reason: SignOutReason | null = kept && !login ? 'EXPIRED' : null
  const tell = () => listeners.forEach((listener) => listener())
  globalThis.addEventListener?.('storage', (event: StorageEvent) => {
    if (event.storageArea !== storage || (event.key !== key && event.key !== null)) return
    login = read(storage)
    reason = login ? null : 'SIGNED_OUT'
    tell()
  })
  return {
    current: () => login,
    reason: () => reason,
    set(next, why = 'SIGNED_OUT') {
      // The server says only that it holds no more; the clock says why.
      const ended = why === 'ENDED' && login && isOver(login) ? 'EXPIRED' : why
      login = next
      reason = next ? null : ended
      if (next) storage.setItem(key, JSON.stringify(next))
      else storage.removeItem(key)
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const isOver = ({ expiresAt }: Login) => Date.parse(expiresAt) <= Date.now()

function read(storage: Storage): Login | null {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null') as Login | null
  } catch {
    return null
  }
}

/** The person, whatever the token: logging in again goes on where one was. */
export const whoIs = (login: Login | null): string | null => login && `${login.tenant}/${login.email.toLowerCase()}`

/** Calls once for each change of the person, before anybody who subscribes later hears of it. */
export function onOtherPerson(session: SessionStore, changed: () => void): () => void {
  let who = whoIs(session.current())
  return session.subscribe(() => {
    const now = whoIs(session.current())
    if (now === who) return
    who = now
    changed()
  })
}
