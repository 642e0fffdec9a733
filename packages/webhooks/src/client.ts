import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isLoopbackAddress, isPublicAddress } from './addresses.ts'

/** Resolves a name to all its addresses. */
export type ResolveAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

export class PrivateAddress extends Error {
  constructor() {
    super('The address is private.')
    this.name = 'PrivateAddress'
  }
}

export type ClientOptions = { toLoopback: boolean; resolve?: ResolveAll | undefined; connectTimeoutMs?: number }

/**
 * Connects to public addresses only. The check stands where the connection is made, with the very addresses that it is made to: a name
 * that resolved to a public one a moment ago gains nothing.
 */
export function createWebhookClient({ toLoopback, resolve = systemLookup, connectTimeoutMs = 10_000 }: ClientOptions) {
  const isAllowed = (address: string) => isPublicAddress(address) || (toLoopback && isLoopbackAddress(address))
  const lookup: LookupFunction = (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) return callback(error ?? new Error('The name has no address.'), '', 0)
      if (!addresses.every(({ address }) => isAllowed(address))) return callback(new PrivateAddress(), '', 0)
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  const connect = buildConnector({ lookup, timeout: connectTimeoutMs })
  return new Agent({
    // As many connections as the sender has attempts: endpoints of many businesses may share one origin, and none waits for another.
    // An address is not looked up: it is checked by itself.
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) && !isAllowed(host)) callback(new PrivateAddress(), null)
      else connect(options, callback)
    },
  })
}
