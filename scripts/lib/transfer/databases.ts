import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { openIntelligenceDatabase, type IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { openSupportDatabase, type SupportDatabase } from '@quimbi/support/database.ts'
import { migrateDatabases, openDatabases } from '../databases.ts'
import { root } from '../root.ts'

export type TransferDatabases = { support: SupportDatabase; intelligence: IntelligenceDatabase; close(): Promise<void> }

/** Where data is kept. */
export const dataDirectory = (environment: NodeJS.ProcessEnv): string =>
  resolve(root, environment['QUIMBI_DATA_DIR'] || '.data')

/** Opens both databases, the configured or the embedded ones, migrated. A server that this starts is stopped by `close`. */
export async function openTransferDatabases(
  environment: NodeJS.ProcessEnv,
  onStep: (step: string) => void,
): Promise<TransferDatabases> {
  const dataDir = dataDirectory(environment)
  mkdirSync(dataDir, { recursive: true })
  const { urls, stop } = await openDatabases({ dataDir, environment, onStep })
  const closers: (() => Promise<void>)[] = [stop]
  const close = async () => {
    for (const one of closers.toReversed()) await one()
  }
  try {
    await migrateDatabases(urls, onStep)
    const support = await openSupportDatabase({ url: urls.support, applicationName: 'quimbi transfer' })
    closers.push(() => support.close())
    const intelligence = await openIntelligenceDatabase({ url: urls.intelligence, applicationName: 'quimbi transfer' })
    closers.push(() => intelligence.close())
    return { support, intelligence, close }
  } catch (error) {
    await close()
    throw error
  }
}
