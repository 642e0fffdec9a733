import { Decimal, Sql, sqltag } from '@prisma/client/runtime/client'
import pg from 'pg'

/** What runs one statement: a pool, or the connection of a transaction. */
type Runner = { query(config: pg.QueryConfig): Promise<pg.QueryResult<object>> }

/** The four raw operations of a Prisma client. */
type RawOperations = {
  $queryRaw(query: TemplateStringsArray | Sql, ...values: unknown[]): Promise<unknown>
  $executeRaw(query: TemplateStringsArray | Sql, ...values: unknown[]): Promise<number>
  $queryRawUnsafe(query: string, ...values: unknown[]): Promise<unknown>
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>
}

/**
 * Prisma's raw operations on the driver itself: the same arguments and the same values, for a third of the CPU (0.14 ms a statement against
 * 0.48), which is what a busy server has least of. Errors are the driver's; `outcomes.ts` reads both kinds.
 */
export function rawOperations(runner: Runner, nameOf: (sql: string) => string): RawOperations {
  const run = (text: string, values: readonly unknown[]) =>
    runner.query({ name: nameOf(text), text, values: values.map(parameter), types })
  const runSql = (query: TemplateStringsArray | Sql, values: unknown[]) => {
    const { text, values: all } = query instanceof Sql ? query : sqltag(query as readonly string[], ...values)
    return run(text, all)
  }
  return {
    $queryRaw: async (query, ...values) => (await runSql(query, values)).rows,
    $executeRaw: async (query, ...values) => (await runSql(query, values)).rowCount ?? 0,
    $queryRawUnsafe: async (query, ...values) => (await run(query, values)).rows,
    $executeRawUnsafe: async (query, ...values) => (await run(query, values)).rowCount ?? 0,
  }
}

export const isRawOperation = (name: string | symbol): name is keyof RawOperations =>
  name === '$queryRaw' || name === '$executeRaw' || name === '$queryRawUnsafe' || name === '$executeRawUnsafe'

/** The driver would quote a decimal as JSON. */
function parameter(value: unknown): unknown {
  if (Decimal.isDecimal(value)) return value.toFixed()
  return Array.isArray(value) ? value.map(parameter) : value
}

const { builtins, getTypeParser } = pg.types
const arrayOf = (oid: number, parse: (text: string) => unknown) => {
  const strings = getTypeParser(oid, 'text') as (text: string) => (string | null)[]
  return (text: string) => strings(text).map((item) => (item === null ? null : parse(item)))
}
const decimal = (text: string) => new Decimal(text)
const utcDay = (text: string) => new Date(`${text}T00:00:00.000Z`)
const utcInstant = (text: string) => new Date(`${text.replace(' ', 'T')}Z`)
const bytes = (text: string) => new Uint8Array(getTypeParser(builtins.BYTEA, 'text')(text) as Buffer)
const arrays = { TEXT: 1009, INT8: 1016, NUMERIC: 1231 }

/** Where Prisma gives another value than the driver. */
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, BigInt],
  [builtins.NUMERIC, decimal],
  [builtins.DATE, utcDay],
  [builtins.TIMESTAMP, utcInstant],
  [builtins.BYTEA, bytes],
  [arrays.INT8, arrayOf(arrays.TEXT, BigInt)],
  [arrays.NUMERIC, arrayOf(arrays.TEXT, decimal)],
])

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? getTypeParser(oid, format as 'text'),
}
