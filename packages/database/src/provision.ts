import pg from 'pg'

/** Creates a database if it is missing; true if this call did. Any number may ask at once. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<boolean> {
  return withAdmin(adminUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount) return false
    try {
      // template0: nobody can be connected to it, which would make the copy fail
      await client.query(`create database ${pg.escapeIdentifier(name)} template template0`)
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  })
}

/** Drops a database if it exists, ending its connections. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withAdmin(adminUrl, (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  )
}

/**
 * Creates a database as a copy of `template`, to which nobody may be connected. By copying files: with fsync off that takes
 * half the time of writing the copy to the log, PostgreSQL's default (17 ms against 38).
 */
export async function createDatabaseFromTemplate(adminUrl: string, name: string, template: string): Promise<void> {
  await withAdmin(adminUrl, (client) =>
    client.query(
      `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)} strategy file_copy`,
    ),
  )
}

/** The connection string of another database of the same server. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURIComponent(name)}`
  return url.href
}

async function withAdmin<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl })
  client.on('error', () => {}) // a lost connection fails the statement
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** 42P04: it exists; 23505: another one is creating it at this moment. */
function isDuplicate(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505')
}
