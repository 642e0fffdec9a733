import { crc32 } from 'node:zlib'
import { codedError } from '@quimbi/service/errors.ts'

/** What a stored model is and what it was trained on; another one is refused when reading. */
export type ModelStamp = { kind: string; version: number; featureVersion: string }

const arrayTypes = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
}
type ArrayName = keyof typeof arrayTypes
type NumberArray = InstanceType<(typeof arrayTypes)[ArrayName]>

const magic = 'QMDL'
const formatVersion = 1
/** Magic, format, length of the header, checksum of all that follows. */
const preamble = 16

/**
 * A model as bytes: a header in JSON, then its typed arrays, little-endian, each at a multiple of eight. Takes plain
 * objects, lists, strings, numbers (NaN and infinities too), booleans, null and number arrays; an undefined field is left
 * out, the rest is refused (INTERNAL_SERVER_ERROR).
 */
export function encodeModel(model: object, stamp: ModelStamp): Uint8Array {
  const arrays: { bytes: Uint8Array; at: number }[] = []
  let end = 0
  const pack = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) {
      const array = value as NumberArray
      const type = array.constructor.name
      if (!(type in arrayTypes)) throw codedError('INTERNAL_SERVER_ERROR', `A model holds no ${type}.`)
      const at = end
      arrays.push({ bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at })
      end = aligned(at + array.byteLength)
      return { $: type, at, length: array.length }
    }
    if (Array.isArray(value)) return value.map(pack)
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
      return { $: 'number', is: Object.is(value, -0) ? '-0' : String(value) }
    if (typeof value !== 'object' || value === null) {
      if (['function', 'symbol', 'bigint'].includes(typeof value))
        throw codedError('INTERNAL_SERVER_ERROR', `A model holds no ${typeof value}.`)
      return value
    }
    if (Object.getPrototypeOf(value) !== Object.prototype || '$' in value)
      throw codedError('INTERNAL_SERVER_ERROR', 'A model holds plain objects without a field "$".')
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, pack(field)]))
  }
  const header = Buffer.from(JSON.stringify({ stamp, model: pack(model) }))
  const start = aligned(preamble + header.length)
  const bytes = Buffer.alloc(start + end)
  bytes.write(magic, 0, 'latin1')
  bytes.writeUInt32LE(formatVersion, 4)
  bytes.writeUInt32LE(header.length, 8)
  bytes.set(header, preamble)
  for (const array of arrays) bytes.set(array.bytes, start + array.at)
  bytes.writeUInt32LE(crc32(bytes.subarray(preamble)), 12)
  return bytes
}

/**
 * The model of these bytes. Refuses (INTERNAL_SERVER_ERROR) what is damaged (MODEL_DAMAGED), of another kind or version
 * (MODEL_VERSION), or trained on another list of features (MODEL_FEATURES): the caller trains anew.
 */
export function decodeModel<T extends object>(bytes: Uint8Array, expected: ModelStamp): T {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length < preamble || buffer.toString('latin1', 0, 4) !== magic) throw damaged('It is no model.')
  const format = buffer.readUInt32LE(4)
  if (format !== formatVersion)
    throw refused('MODEL_VERSION', `It is written in format ${format}, not ${formatVersion}.`)
  if (crc32(buffer.subarray(preamble)) !== buffer.readUInt32LE(12)) throw damaged('Its checksum differs.')
  const headerEnd = preamble + buffer.readUInt32LE(8)
  const start = aligned(headerEnd)
  const { stamp, model } = headerOf(buffer, headerEnd)
  if (stamp.kind !== expected.kind || stamp.version !== expected.version)
    throw refused('MODEL_VERSION', `It is ${stamp.kind} ${stamp.version}, not ${expected.kind} ${expected.version}.`)
  if (stamp.featureVersion !== expected.featureVersion)
    throw refused('MODEL_FEATURES', `It reads features ${stamp.featureVersion}, not ${expected.featureVersion}.`)
  const unpack = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(unpack)
    if (typeof value !== 'object' || value === null) return value
    if (!('$' in value)) return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, unpack(field)]))
    if (value.$ === 'number') return Number((value as unknown as { is: string }).is)
    const { $: type, at, length } = value as unknown as { $: ArrayName; at: number; length: number }
    const from = start + at
    const size = length * arrayTypes[type].BYTES_PER_ELEMENT
    // A copy: it is aligned, and the arrays outlive the bytes they came in.
    return new arrayTypes[type](
      buffer.buffer.slice(buffer.byteOffset + from, buffer.byteOffset + from + size) as ArrayBuffer,
    )
  }
  return unpack(model) as T
}

function headerOf(buffer: Buffer, end: number): { stamp: ModelStamp; model: unknown } {
  try {
    return JSON.parse(buffer.toString('utf8', preamble, end)) as { stamp: ModelStamp; model: unknown }
  } catch {
    throw damaged('Its header is no JSON.')
  }
}

const aligned = (at: number) => Math.ceil(at / 8) * 8
const refused = (reason: string, message: string) =>
  codedError('INTERNAL_SERVER_ERROR', `This model cannot be used. ${message}`, { reason })
const damaged = (message: string) => refused('MODEL_DAMAGED', message)
