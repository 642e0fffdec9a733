import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@quimbi/database/embedded.ts'
import { migrate } from '@quimbi/database/migrate.ts'
import { ensureDatabase } from '@quimbi/database/provision.ts'
import { root } from '../../scripts/lib/root.ts'

/** A PostgreSQL of its own with one service's migrated database; `close` removes it and its folder. */
export async function openBenchDatabase(name: 'support' | 'intelligence', { durable }: { durable: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), `quimbi-bench-${name}-`))
  // PostgreSQL refuses root and runs as another user, who has to get through here.
  await chmod(folder, 0o755)
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable })
  const url = server.url(name)
  async function close() {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await ensureDatabase(server.url('postgres'), name)
    await migrate({ url, directory: join(root, 'prisma', name) })
  } catch (error) {
    await close()
    throw error
  }
  return { url, folder, close }
}
