import { join, resolve } from 'node:path'
import { startEmbeddedPostgres } from '@quimbi/database/embedded.ts'
import { migrate } from '@quimbi/database/migrate.ts'
import { ensureDatabase } from '@quimbi/database/provision.ts'
import { root } from './root.ts'

/** Where data is kept. */
export const dataDirectory = (environment: NodeJS.ProcessEnv): string =>
  resolve(root, environment['QUIMBI_DATA_DIR'] || '.data')

export type DatabaseUrls = { support: string; intelligence: string }

/** Where the data is: databases that were configured, or an embedded server's. */
export type Databases = {
  urls: DatabaseUrls
  /** True for the embedded server: whatever is there is the demo's. */
  embedded: boolean
  /** False if another process runs the embedded server and will stop it. */
  owned: boolean
  stop(): Promise<void>
}

type Options = { dataDir: string; environment: NodeJS.ProcessEnv; onStep(step: string): void }

/** The configured databases, else an embedded server with both; one that another process runs is used and left alone. */
export async function openDatabases({ dataDir, environment, onStep }: Options): Promise<Databases> {
  const { SUPPORT_DATABASE_URL: support, INTELLIGENCE_DATABASE_URL: intelligence } = environment
  if (support && intelligence) {
    return { urls: { support, intelligence }, embedded: false, owned: false, stop: async () => {} }
  }
  if (support || intelligence) {
    throw new Error(
      'Set both SUPPORT_DATABASE_URL and INTELLIGENCE_DATABASE_URL, or neither for the embedded database.',
    )
  }
  const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), onProgress: onStep })
  const urls = { support: server.url('support'), intelligence: server.url('intelligence') }
  try {
    await ensureDatabase(server.url('postgres'), 'support')
    await ensureDatabase(server.url('postgres'), 'intelligence')
  } catch (error) {
    await server.stop()
    throw error
  }
  return { urls, embedded: true, owned: server.owned, stop: () => server.stop() }
}

/** Brings both databases to the schema of this version. One after the other: roles belong to the server, and both make them. */
export async function migrateDatabases(urls: DatabaseUrls, onStep: (step: string) => void): Promise<void> {
  for (const service of ['support', 'intelligence'] as const) {
    const directory = join(root, 'prisma', service)
    await migrate({ url: urls[service], directory, onProgress: (name) => onStep(`migrating ${service}: ${name}`) })
  }
}
