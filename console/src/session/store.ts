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

export type SignOutReason = 'SIGNED_OUT' | 'EXPIRED' | 'ENDED'

const key = 'quimbi.login'

export function createSessionStore(storage: Storage = localStorage): SessionStore {
  const listeners = new Set<() => void>()
  let login = read(storage)
  let reason: SignOutReason | null = null
  const tell = () => listeners.forEach((listener) => listener())
  globalThis.addEventListener?.('storage', (event: StorageEvent) => {
    if (event.key !== key && event.key !== null) return
    login = read(storage)
    reason = login ? null : 'SIGNED_OUT'
    tell()
  })
  return {
    current: () => login,
    reason: () => reason,
    set(next, why = 'SIGNED_OUT') {
      login = next
      reason = next ? null : why
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

function read(storage: Storage): Login | null {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? 'null') as Login | null
    return kept && Date.parse(kept.expiresAt) > Date.now() ? kept : null
  } catch {
    return null
  }
}
