import { randomUUID } from 'node:crypto'
import { createDatabaseFromTemplate, databaseUrl, dropDatabase } from '@quimbi/database/provision.ts'
import { inject } from 'vitest'

export type DatabaseKind = 'support' | 'intelligence'

/** What the global set-up tells the tests. */
export type TestPostgres = {
  /** the administrator's connection string */
  adminUrl: string
  /** the migrated database of each service that has migrations */
  templates: Partial<Record<DatabaseKind, string>>
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres
  }
}

/** A migrated database for one test file; `drop` ends the connections that are left. */
export type TestDatabase = { url: string; drop(): Promise<void> }

/** Copies the template of a service. */
export async function createTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const { adminUrl, templates } = inject('postgres')
  const template = templates[kind]
  if (template === undefined)
    throw new Error(`prisma/${kind}/migrations is empty: there is no ${kind} database to copy.`)
  const name = `${kind}_${randomUUID().replaceAll('-', '')}`
  await createDatabaseFromTemplate(adminUrl, name, template)
  return { url: databaseUrl(adminUrl, name), drop: () => dropDatabase(adminUrl, name) }
}
