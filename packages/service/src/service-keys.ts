import type { ServiceName } from './viewer.ts'
import { serviceNames } from './viewer.ts'

/** A shared secret that proves which service signed a request. */
export type ServiceKey = { id: string; service: ServiceName; secret: Buffer }

const minimumBytes = 32

/**
 * Parses `keyId:base64secret,…` where a key id is `<service>.<label>`. Throws a message without any secret in it.
 * A service's first key signs; all of them verify, so that keys rotate without a pause.
 */
export function parseServiceKeys(text: string): ServiceKey[] {
  const keys = text.split(',').map((entry) => parseKey(entry.trim()))
  const ids = new Set(keys.map((key) => key.id))
  if (ids.size !== keys.length) throw new Error('a key id appears twice')
  return keys
}

function parseKey(entry: string): ServiceKey {
  const [, id, name, encoded] = /^(([a-z]+)\.[\w-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry) ?? []
  if (!id || !encoded) throw new Error('an entry is not of the form service.label:base64secret')
  const service = serviceNames.find((known) => known === name)
  if (!service) throw new Error(`key "${id}" belongs to no service of ours (${serviceNames.join(', ')})`)
  const secret = Buffer.from(encoded, 'base64')
  if (secret.length < minimumBytes) throw new Error(`the secret of key "${id}" has less than ${minimumBytes} bytes`)
  return { id, service, secret }
}
