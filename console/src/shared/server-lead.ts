import { useContext, useSyncExternalStore } from 'react'
import { ViewerContext } from '../session/viewer.tsx'

// The clock that counts is the server's: this computer's may be off, and a demo's is moved forward. The API has no field that tells it; it is learnt from
// what was counted until an answer was written.

/** How far the server's clock is ahead, by tenant: ms. Clocks only move forward, and an answer that is old says too little: so the most that was ever seen holds. */
const leads = new Map<string, number>()
const listeners = new Set<() => void>()

export function noteServerTime(tenantId: string, serverTime: number, now: number): void {
  const lead = serverTime - now
  if (lead <= (leads.get(tenantId) ?? -Infinity)) return
  leads.set(tenantId, lead)
  listeners.forEach((listener) => listener())
}

/** Below this a difference is the network's and the rounding's, not the clocks': ms. */
const tolerated = 3_000

function leadOf(tenantId: string): number {
  const lead = leads.get(tenantId) ?? 0
  return Math.abs(lead) < tolerated ? 0 : lead
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** How far the server's clock is ahead of this computer's, as far as is known: ms. */
export function useServerLead(): number {
  const tenantId = useContext(ViewerContext)?.tenant.id ?? ''
  return useSyncExternalStore(listen, () => leadOf(tenantId))
}
