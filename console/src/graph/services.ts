import type { Failure } from './errors.ts'

/** Which services do not answer at the moment, as the answers of the graph tell it. */
export type ServiceStatus = { away: readonly string[]; since: number | null }

export type Services = {
  current(): ServiceStatus
  /** An answer came: what it says of services. `asked` are those that its operation needs, where known. */
  heard(failures: readonly Failure[]): void
  subscribe(listener: () => void): () => void
}

/** A service is taken for back when so long no answer has missed it, after the last that did: ms. */
const quietMs = 6_000

export function createServices(now: () => number = Date.now): Services {
  const listeners = new Set<() => void>()
  const missed = new Map<string, number>()
  let status: ServiceStatus = { away: [], since: null }
  const settle = () => {
    for (const [service, at] of missed) if (now() - at > quietMs) missed.delete(service)
    const away = [...missed.keys()].toSorted()
    if (away.join() === status.away.join()) return
    status = { away, since: away.length === 0 ? null : (status.since ?? now()) }
    listeners.forEach((listener) => listener())
  }
  return {
    current: () => status,
    heard(failures) {
      for (const { code, service } of failures)
        if (code === 'SUBGRAPH_UNAVAILABLE' && service) missed.set(service, now())
      settle()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
