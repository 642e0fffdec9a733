import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { type MigrationList, withSchemaEngine } from './schema-engine.ts'

/** `directory` is the absolute path of a folder with `schema.prisma` and `migrations/`. */
export type MigrateOptions = { url: string; directory: string; onProgress?(migration: string): void }

const filters = { externalTables: [], externalEnums: [] }

/**
 * Applies the pending migrations and returns their names. Keeps Prisma's own `_prisma_migrations`, so `prisma migrate deploy` agrees
 * with it. Processes that migrate one database at once take turns.
 * @throws an Error that names the migration, PostgreSQL's message and what to do
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { url, directory, onProgress = () => {} } = options
  const list = await readMigrations(directory)
  if (list.migrationDirectories.length === 0) return []
  return alone(url, async (client) => {
    const applied = await appliedMigrations(client)
    const pending = list.migrationDirectories.filter(({ path }) => !applied.has(path))
    if (pending.length === 0) return []
    return withSchemaEngine(url, async (engine, databaseError) => {
      const names: string[] = []
      // One at a time, for the sake of progress: the engine applies what its list holds.
      for (const { path } of pending) {
        onProgress(path)
        const upTo = list.migrationDirectories.findIndex((migration) => migration.path === path) + 1
        const migrationsList = { ...list, migrationDirectories: list.migrationDirectories.slice(0, upTo) }
        try {
          names.push(...(await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames)
        } catch (error) {
          throw explain(error, path, databaseError())
        }
      }
      return names
    })
  })
}

/** What would have to change in the migrated database to match `schema.prisma`, as text; `null` if nothing. */
export async function schemaDrift(options: { url: string; directory: string }): Promise<string | null> {
  const path = join(options.directory, 'schema.prisma')
  const files = [{ path, content: await readFile(path, 'utf8') }]
  return withSchemaEngine(options.url, async (engine) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: options.directory },
      to: { tag: 'schemaDatamodel', files },
      script: false,
      exitCode: true,
      filters,
    })
    return exitCode === 0 ? null : (stdout ?? 'The database differs from schema.prisma.')
  })
}

async function readMigrations(directory: string): Promise<MigrationList> {
  const baseDir = join(directory, 'migrations')
  const entries = await readdir(baseDir, { withFileTypes: true }).catch(orNothing([]))
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return {
    baseDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8').catch(orNothing(null)),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(join(baseDir, name, 'migration.sql'), 'utf8') },
        },
      })),
    ),
  }
}

function orNothing<T>(nothing: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return nothing
    throw error
  }
}

/** The key of the advisory lock, arbitrary and ours; the engine holds another one of its own, but waits only 10 s for it. */
const LOCK = 7_264_219_001

async function alone<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // a lost connection fails the statement
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    return await work(client)
  } finally {
    await client.end() // releases the lock
  }
}

async function appliedMigrations(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ present: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as present`,
  )
  if (!rows[0]?.present) return new Set()
  const applied = await client.query<{ migration_name: string }>(
    'select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  )
  return new Set(applied.rows.map((row) => row.migration_name))
}

function explain(error: unknown, migration: string, databaseError: string | undefined): Error {
  const { code, message } = error as { code?: string; message: string }
  if (code === 'P3009') {
    const failed = /The `(.+)` migration/.exec(message)?.[1] ?? migration
    return new Error(
      `The migration ${failed} failed in an earlier run, so no further one is applied. Repair what it left in the ` +
        `database, correct its migration.sql, and run: npx prisma migrate resolve --rolled-back ${failed} (to have ` +
        `it run again) or --applied ${failed} (if you completed it by hand).`,
      { cause: error },
    )
  }
  return new Error(`The migration ${migration} failed: ${databaseError ?? message}`, { cause: error })
}
