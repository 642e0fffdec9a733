import { AsyncLocalStorage } from 'node:async_hooks'
import { v5, v7 } from 'uuid'

const given = new AsyncLocalStorage<() => string>()

/** A new id, ordered by time, so that neighbours in time are neighbours in the index. */
export const newId = (): string => given.getStore()?.() ?? v7()

/** Runs `run` with ids of another make: a demo world has the same ones each time. */
export const withIds = <T>(next: () => string, run: () => T): T => given.run(next, run)

/** UUIDv5 within a tenant: two services that meet the same thing under the same name agree on its id without talking. */
export const derivedId = (tenantId: string, ...name: string[]): string => v5(JSON.stringify(name), tenantId)

/** The id of a customer first met by a source's own id. */
export const customerIdOf = (tenantId: string, source: string, externalId: string): string =>
  derivedId(tenantId, 'customer', source, externalId)
