import { createHash } from 'node:crypto'

const namespace = Buffer.from('5d1f0c1e3f6a4d0e9a3b7c2f4e6d8a10', 'hex')

/** A UUIDv5 of our own namespace: the same name gives the same id on every machine, for every tenant. */
export function nameId(...name: (string | number)[]): string {
  const bytes = createHash('sha1').update(namespace).update(JSON.stringify(name)).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
