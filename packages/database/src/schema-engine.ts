import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import pg from 'pg'

export type { MigrationList }

// The compiler's `esnext` library leaves it to the browser's.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

/**
 * Runs `work` with Prisma's schema engine on the database at `url`. `databaseError` gives PostgreSQL's own message of the last
 * script that failed, which the engine's errors paraphrase.
 */
export async function withSchemaEngine<T>(
  url: string,
  work: (engine: SchemaEngine, databaseError: () => string | undefined) => Promise<T>,
): Promise<T> {
  await (loaded ??= load())
  // One connection: the engine's advisory lock belongs to a session, and ends with it.
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 30_000 })
  pool.on('error', () => {}) // a lost connection fails the statement
  let failure: string | undefined
  const adapter = adapterFactory(pool, (message) => (failure = message))
  const { SchemaEngine } = bindings as unknown as typeof import('@prisma/schema-engine-wasm')
  try {
    const bound = bindMigrationAwareSqlAdapterFactory(adapter)
    using engine = await SchemaEngine.new({ datamodels: undefined }, () => {}, bound)
    return await work(engine, () => failure)
  } finally {
    await pool.end()
  }
}

let loaded: Promise<void> | undefined

/** The package's own entry imports the .wasm file as a module, for which Node prints an ExperimentalWarning. */
async function load(): Promise<void> {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': withoutRefs(bindings) })
  bindings.__wbg_set_wasm(instance.exports)
  ;(instance.exports['__wbindgen_start'] as () => void)()
}

/** The engine sets a timer of ten seconds for its lock and never clears it: it must not hold up the end of our process. */
function withoutRefs(imports: Record<string, unknown>): Record<string, unknown> {
  const name = Object.keys(imports).find((key) => key.startsWith('__wbg_setTimeout_'))
  if (name === undefined) return imports
  return { ...imports, [name]: (run: () => void, ms: number) => setTimeout(run, ms >>> 0).unref() }
}

function adapterFactory(pool: pg.Pool, onFailure: (message: string) => void): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool)
  const query: (script: string) => Promise<unknown> = pool.query.bind(pool)
  const charColumns = renameCharColumns(pool)
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter: SqlDriverAdapter = await factory.connect()
    const { queryRaw } = adapter
    adapter.queryRaw = async (query) => {
      const result = await queryRaw.call(adapter, query)
      for (const column of charColumns.get(query.sql) ?? []) result.columnTypes[column] = ColumnTypeEnum.Character
      return result
    }
    adapter.executeScript = async (script) => {
      // PrismaPg's own splits at every semicolon, in function bodies too. PostgreSQL takes the script whole.
      await query(script).catch((error: unknown) => {
        if (!(error instanceof pg.DatabaseError)) throw error
        onFailure([error.message, error.detail, error.hint].filter(Boolean).join(' '))
        const { code = 'XX000', severity = 'ERROR', message, detail, column, hint } = error
        throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint })
      })
    }
    return adapter
  }
  const connectToShadowDb = () => factory.connectToShadowDb()
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb }
}

const CHAR = 18
const TEXT = 25

/**
 * PrismaPg refuses results with a column of type "char", in which the catalogue keeps one-letter codes (a constraint's
 * kind, a foreign key's rule). Here they pass as text; the map returned says, by statement, which columns they were.
 */
function renameCharColumns(pool: pg.Pool): Map<string, number[]> {
  const columns = new Map<string, number[]>()
  const query: (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult> = pool.query.bind(pool)
  const renaming = async (config: pg.QueryArrayConfig) => {
    const result = await query(config)
    const found = (result.fields ?? []).flatMap((field, index) => (field.dataTypeID === CHAR ? [index] : []))
    for (const index of found) result.fields[index]!.dataTypeID = TEXT
    if (found.length > 0) columns.set(config.text, found)
    return result
  }
  Object.assign(pool, { query: renaming })
  return columns
}
