import type { Failure } from './errors.ts'

/** Which services do not answer at the moment, as the answers of the graph tell it. */
export type ServiceStatus = {
  away: readonly string[]
  since: number | null
  /** The server has been released anew, and takes the documents of this console no more. */
  isOutdated: boolean
}

export type Services = {
  current(): ServiceStatus
  /** An answer came: what it says of services. An answer without failures says nothing: it may not have needed the service. */
  heard(failures: readonly Failure[]): void
  /** The service has answered again. */
  back(service: string): void
  subscribe(listener: () => void): () => void
}

/** A document that is not taken any more: as it was sent, or by its name. */
const ofAnOldConsole = new Set(['PERSISTED_QUERY_ONLY', 'PERSISTED_QUERY_NOT_FOUND'])

export function createServices(now: () => number = Date.now): Services {
  const listeners = new Set<() => void>()
  let status: ServiceStatus = { away: [], since: null, isOutdated: false }
  const change = (away: readonly string[], isOutdated = status.isOutdated) => {
    if (away.join() === status.away.join() && isOutdated === status.isOutdated) return
    status = { away, since: away.length === 0 ? null : (status.since ?? now()), isOutdated }
    listeners.forEach((listener) => listener())
  }
  return {
    current: () => status,
    heard(failures) {
      const missed = failures.flatMap(({ code, service }) =>
        code === 'SUBGRAPH_UNAVAILABLE' && service ? service : [],
      )
      const isOutdated = status.isOutdated || failures.some(({ code }) => ofAnOldConsole.has(code))
      change([...new Set([...status.away, ...missed])].toSorted(), isOutdated)
    },
    back: (service) => change(status.away.filter((one) => one !== service)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
