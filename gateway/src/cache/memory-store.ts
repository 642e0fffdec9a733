import type { Clock } from '@quimbi/service/clock.ts'

/** What is kept of one entity and selection, and whose it is. */
export type Place = { tenantId: string; id: string; key: string }

/** Answers in this process, as JSON; what was used longest ago goes first. */
export type MemoryStore = {
  get(key: string): string | undefined
  put(place: Place, text: string, ttlMs: number): void
  forget(tenantId: string, ids: readonly string[] | null): void
  clear(): void
  readonly bytes: number
}

type Entry = { place: Place; text: string; bytes: number; expiresAt: number }
type ByCustomer = Map<string, Set<string>>

/** What an entry costs beside its texts: about what V8 takes for it and its places in the indexes. */
const overheadBytes = 400
/** No entry may push out more than this part of the others. */
const largestPart = 64

export function createMemoryStore({ maxBytes, clock }: { maxBytes: number; clock: Clock }): MemoryStore {
  // A Map keeps the order of insertion, so the first is the oldest.
  const entries = new Map<string, Entry>()
  const tenants = new Map<string, ByCustomer>()
  let bytes = 0

  function remove({ place: { tenantId, id, key }, bytes: freed }: Entry): void {
    entries.delete(key)
    bytes -= freed
    const customers = tenants.get(tenantId)
    const keys = customers?.get(id)
    keys?.delete(key)
    if (keys?.size === 0) customers?.delete(id)
    if (customers?.size === 0) tenants.delete(tenantId)
  }

  function index({ tenantId, id, key }: Place): void {
    const customers: ByCustomer = tenants.get(tenantId) ?? new Map()
    const keys = customers.get(id) ?? new Set()
    tenants.set(tenantId, customers.set(id, keys.add(key)))
  }

  function removeKeys(keys: Iterable<string>): void {
    for (const key of [...keys]) {
      const entry = entries.get(key)
      if (entry) remove(entry)
    }
  }

  return {
    get(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      if (entry.expiresAt <= clock.now().getTime()) {
        remove(entry)
        return undefined
      }
      entries.delete(key)
      entries.set(key, entry)
      return entry.text
    },
    put(place, text, ttlMs) {
      const known = entries.get(place.key)
      if (known) remove(known)
      const size = Buffer.byteLength(text) + place.key.length + overheadBytes
      if (size > maxBytes / largestPart) return
      entries.set(place.key, { place, text, bytes: size, expiresAt: clock.now().getTime() + ttlMs })
      index(place)
      bytes += size
      for (const oldest of entries.values()) {
        if (bytes <= maxBytes) break
        remove(oldest)
      }
    },
    forget(tenantId, ids) {
      const customers = tenants.get(tenantId)
      if (!customers) return
      for (const id of ids ?? [...customers.keys()]) removeKeys(customers.get(id) ?? [])
    },
    clear() {
      entries.clear()
      tenants.clear()
      bytes = 0
    },
    get bytes() {
      return bytes
    },
  }
}
