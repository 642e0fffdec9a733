import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '@quimbi/database/embedded.ts'
import { migrate } from '@quimbi/database/migrate.ts'
import { databaseUrl, dropDatabase, ensureDatabase } from '@quimbi/database/provision.ts'
import type { TestProject } from 'vitest/node'
import { testConfig } from './config.ts'
import type { DatabaseKind, TestPostgres } from './databases.ts'

const kinds: DatabaseKind[] = ['support', 'intelligence']

/** One PostgreSQL for the whole run, with a migrated template database for each service. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { postgresUrl } = testConfig()
  const { adminUrl, stop } = postgresUrl === undefined ? await embedded() : external(postgresUrl)
  // Runs that share a server have templates of their own.
  const prefix = postgresUrl === undefined ? '' : `test_${randomUUID().slice(0, 8)}_`
  const templates: TestPostgres['templates'] = {}
  const teardown = async () => {
    for (const template of Object.values(templates)) await dropDatabase(adminUrl, template)
    await stop()
  }
  try {
    // One after the other: roles belong to the server, and both services' migrations create them.
    for (const kind of kinds) {
      const template = `${prefix}${kind}_template`
      await ensureDatabase(adminUrl, template)
      templates[kind] = template
      const directory = fileURLToPath(new URL(`../../../prisma/${kind}`, import.meta.url))
      const applied = await migrate({ url: databaseUrl(adminUrl, template), directory })
      if (applied.length === 0) {
        await dropDatabase(adminUrl, template)
        delete templates[kind]
      }
    }
  } catch (error) {
    await teardown()
    throw error
  }
  project.provide('postgres', { adminUrl, templates })
  return teardown
}

async function embedded() {
  const dataDir = await mkdtemp(join(tmpdir(), 'quimbi-test-'))
  // Under root the server runs as another user; where that one cannot enter, the data would lie elsewhere and stay there.
  await chmod(dataDir, 0o755)
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  return {
    adminUrl: server.url('postgres'),
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function external(adminUrl: string) {
  return { adminUrl, stop: async () => {} }
}
