import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeModel, encodeModel } from './codec.ts'

const stamp = { kind: 'churn', version: 1, featureVersion: 'f1' }
const model = {
  name: 'a model — with ü',
  list: [1, null, true, 'x', { deep: Float64Array.of(1.5, Number.NaN, -Infinity) }],
  odd: { nan: Number.NaN, infinite: -Infinity, minusZero: -0 },
  bytes: Uint8Array.of(1, 2, 3),
  ints: Int32Array.of(-5, 2 ** 31 - 1),
  empty: new Float32Array(),
}
const refused = (reason: string) => expect.objectContaining({ extensions: { code: 'INTERNAL_SERVER_ERROR', reason } })

test('what comes out is what went in, and goes in again as the same bytes', () => {
  const bytes = encodeModel(model, stamp)
  const back = decodeModel<typeof model>(bytes, stamp)
  expect(back).toEqual(model)
  expect(Object.is(back.odd.minusZero, -0)).toBe(true)
  expect(Buffer.from(encodeModel(back, stamp)).equals(bytes)).toBe(true)
})

test('any plain model survives, wherever its bytes stand in memory', () => {
  const leaf = fc.oneof(
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.float64Array(),
    fc.int32Array(),
    fc.uint8Array(),
  )
  const key = fc.string().filter((name) => name !== '$')
  const plain = fc.dictionary(
    key,
    fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, leaf, { noNullPrototype: true })),
    {
      noNullPrototype: true,
    },
  )
  fc.assert(
    fc.property(plain, fc.integer({ min: 0, max: 9 }), (value, shift) => {
      const bytes = encodeModel(value, stamp)
      const moved = new Uint8Array(bytes.length + shift)
      moved.set(bytes, shift)
      expect(decodeModel(moved.subarray(shift), stamp)).toEqual(value)
    }),
  )
})

test('arrays that show a part of a larger one keep that part alone', () => {
  const whole = Float64Array.of(1, 2, 3, 4)
  const { part } = decodeModel<{ part: Float64Array }>(encodeModel({ part: whole.subarray(1, 3) }, stamp), stamp)
  expect(part).toEqual(Float64Array.of(2, 3))
})

test('a single bit that flipped is noticed, wherever it is', () => {
  const bytes = encodeModel(model, stamp)
  for (let bit = 0; bit < bytes.length * 8; bit += 7) {
    const damaged = bytes.slice()
    damaged[bit >> 3]! ^= 1 << (bit & 7)
    expect(() => decodeModel(damaged, stamp)).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) }),
    )
  }
})

test('what was cut short or is no model is refused', () => {
  const bytes = encodeModel(model, stamp)
  for (const length of [0, 3, 15, 16, 40, bytes.length - 1])
    expect(() => decodeModel(bytes.subarray(0, length), stamp)).toThrow(refused('MODEL_DAMAGED'))
  expect(() => decodeModel(Buffer.from('{"a":1} and some more text'), stamp)).toThrow(refused('MODEL_DAMAGED'))
})

test('another kind, version, format or list of features is refused with its reason', () => {
  const bytes = encodeModel(model, stamp)
  expect(() => decodeModel(bytes, { ...stamp, kind: 'ltv' })).toThrow(refused('MODEL_VERSION'))
  expect(() => decodeModel(bytes, { ...stamp, version: 2 })).toThrow(refused('MODEL_VERSION'))
  expect(() => decodeModel(bytes, { ...stamp, featureVersion: 'f2' })).toThrow(refused('MODEL_FEATURES'))
  const newer = bytes.slice()
  newer[4] = 2
  expect(() => decodeModel(newer, stamp)).toThrow(refused('MODEL_VERSION'))
})

test.each([
  ['a function', { f: () => 1 }],
  ['a Map', { f: new Map() }],
  ['big integers', { f: BigInt64Array.of(1n) }],
  ['a bigint', { f: 1n }],
  ['a field of its own language', { $: 1 }],
])('%s is refused when writing', (_, value) => {
  expect(() => encodeModel(value, stamp)).toThrow(
    expect.objectContaining({ extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
  )
})
