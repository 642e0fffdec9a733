import type { ValueNode } from 'graphql'
import { GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql'
import { z } from 'zod'
import { codedError } from './errors.ts'

/** RFC 3339 instant in UTC, millisecond precision. Internally a Date. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'RFC 3339 instant in UTC, millisecond precision.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize: serializeInstant,
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(stringOf(node)),
})

/** RFC 5322 address, lower-cased. */
export const EmailAddress = new GraphQLScalarType<string, string>({
  name: 'EmailAddress',
  description: 'RFC 5322 address, lower-cased.',
  // What is stored was checked when it came in; imports may hold addresses that are stranger than our rule.
  serialize: (value) => text(value, 'EmailAddress').toLowerCase(),
  parseValue: parseEmail,
  parseLiteral: (node) => parseEmail(stringOf(node)),
})

/** A Decimal scalar with its own limits on input. Values are strings: a float has lost digits already. */
export function createDecimal({ maxDigits = 20, maxDecimals = 4 } = {}): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    const [, whole, decimals = ''] = (typeof value === 'string' && /^-?(\d+)(?:\.(\d+))?$/.exec(value)) || []
    if (whole !== undefined && decimals.length <= maxDecimals && whole.length + decimals.length <= maxDigits)
      return value as string
    return invalid(`a decimal number in a string, up to ${maxDigits} digits of which ${maxDecimals} after the point`)
  }
  return new GraphQLScalarType({
    name: 'Decimal',
    description: 'Decimal number as a string, e.g. "156.25"; never a float.',
    serialize: serializeDecimal,
    parseValue: parse,
    parseLiteral: (node) => parse(stringOf(node)),
  })
}

export const Decimal = createDecimal()

/** Opaque position in an event log; only its alphabet is checked here. */
export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: "Opaque, ordered position in a tenant's event log. Compare only for equality; pass back to resume.",
  serialize: (value) => text(value, 'Cursor'),
  parseValue: parseCursor,
  parseLiteral: (node) => parseCursor(stringOf(node)),
})

const maxJsonDepth = 20
const maxJsonBytes = 100_000

/** Any JSON value; as input at most 20 levels deep and 100 KB of JSON text. */
export const JSONScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value; as input at most 20 levels deep and 100 KB.',
  serialize: (value) => value,
  parseValue: parseJson,
  parseLiteral: (node, variables) =>
    // Looked at before it is read: reading goes as deep as the literal does.
    isDeeper(node, maxJsonDepth, itemsOfLiteral) ? tooDeep() : parseJson(valueFromASTUntyped(node, variables)),
})

/** Spread into a schema's resolvers, as far as it declares them. */
export const scalarResolvers = { DateTime, EmailAddress, Decimal, Cursor, JSON: JSONScalar }

function serializeInstant(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  throw new TypeError('DateTime can serialize a Date only')
}

function parseInstant(value: unknown): Date {
  const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?Z$/
  const [, seconds, fraction = ''] = (typeof value === 'string' && form.exec(value)) || []
  const canonical = `${seconds}.${fraction.padEnd(3, '0')}Z`
  const date = new Date(canonical)
  // Date rolls 30 February over into March: what comes back must be what went in.
  if (seconds !== undefined && !Number.isNaN(date.getTime()) && date.toISOString() === canonical) return date
  return invalid('an instant in UTC such as "2026-01-31T09:30:00.000Z"')
}

function parseEmail(value: unknown): string {
  const email = typeof value === 'string' ? value.toLowerCase() : ''
  return email.length <= 254 && z.email().safeParse(email).success ? email : invalid('an email address')
}

function parseCursor(value: unknown): string {
  return typeof value === 'string' && /^[\w-]{1,200}$/.test(value) ? value : invalid('a cursor that was received')
}

function parseJson(value: unknown): unknown {
  if (isDeeper(value, maxJsonDepth, itemsOfValue)) return tooDeep()
  // What JSON text cannot hold, such as the literal 1e999, would be stored as null.
  const refuseInfinity = (_key: string, item: unknown) => (item === Infinity || item === -Infinity ? noJson() : item)
  const text = value === undefined ? noJson() : JSON.stringify(value, refuseInfinity)
  return Buffer.byteLength(text) <= maxJsonBytes ? value : invalid(`at most ${maxJsonBytes / 1000} KB of JSON`)
}

/** Whether lists and objects lie within one another more than `levels` deep. It looks no deeper than that. */
function isDeeper<T>(value: T, levels: number, itemsOf: (value: T) => readonly T[] | null): boolean {
  const items = itemsOf(value)
  return items !== null && (levels === 0 || items.some((item) => isDeeper(item, levels - 1, itemsOf)))
}

const itemsOfValue = (value: unknown): readonly unknown[] | null =>
  typeof value === 'object' && value !== null ? Object.values(value) : null

function itemsOfLiteral(node: ValueNode): readonly ValueNode[] | null {
  if (node.kind === Kind.LIST) return node.values
  return node.kind === Kind.OBJECT ? node.fields.map((field) => field.value) : null
}

const noJson = () => invalid('a JSON value')
const tooDeep = () => invalid(`JSON at most ${maxJsonDepth} levels deep`)

function serializeDecimal(value: unknown): string {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
  // Decimal classes print small numbers with an exponent, unless asked.
  const digits =
    typeof value === 'object' && value !== null && 'toFixed' in value ? (value as DecimalLike).toFixed() : value
  if (typeof digits === 'string' && /^-?\d+(\.\d+)?$/.test(digits)) return digits
  throw new TypeError('Decimal cannot serialize this value')
}

type DecimalLike = { toFixed(): string }

function text(value: unknown, scalar: string): string {
  if (typeof value === 'string') return value
  throw new TypeError(`${scalar} cannot serialize this value`)
}

function stringOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined
}

function invalid(expected: string): never {
  throw codedError('BAD_USER_INPUT', `Expected ${expected}`)
}
