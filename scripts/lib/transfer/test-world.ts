import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { openSupportDatabase } from '@quimbi/support/database.ts'
import { createTestDatabase } from '@quimbi/testing/databases.ts'
import { exportFile } from './export-file.ts'
import { importFile, type ImportOptions, type Kind } from './import-file.ts'
import { findTenant, type TransferTenant } from './tenant.ts'

/** For tests: both databases, a folder, and short ways to import and export. */
export async function openTestWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'quimbi-transfer-'))
  const stores = [await createTestDatabase('support'), await createTestDatabase('intelligence')] as const
  const support = await openSupportDatabase({ url: stores[0].url })
  const intelligence = await openIntelligenceDatabase({ url: stores[1].url })
  const databases = { support, intelligence }
  const rejectsPath = join(folder, 'rejected.jsonl')
  return {
    ...databases,
    rejectsPath,
    rejects: () =>
      readFileSync(rejectsPath, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { line: number; reason: string }),
    tenant: () => findTenant(support, `t-${randomUUID()}`, { currencyCode: 'GBP' }),
    import(kind: Kind, tenant: TransferTenant, content: string, more: Partial<ImportOptions> = {}) {
      const path = join(folder, `${randomUUID()}.in`)
      writeFileSync(path, content)
      return importFile(databases, { kind, path, tenant, rejectsPath, ...more })
    },
    importPath: (kind: Kind, tenant: TransferTenant, path: string, more: Partial<ImportOptions> = {}) =>
      importFile(databases, { kind, path, tenant, rejectsPath, ...more }),
    async export(kind: Kind, { id }: TransferTenant, format: 'jsonl' | 'csv' = 'jsonl') {
      const path = join(folder, `${randomUUID()}.out`)
      await exportFile(databases, { kind, path, format, tenantId: id })
      return readFileSync(path, 'utf8')
    },
    async close() {
      await support.close()
      await intelligence.close()
      for (const store of stores) await store.drop()
      rmSync(folder, { recursive: true })
    },
  }
}

export type TestWorld = Awaited<ReturnType<typeof openTestWorld>>
