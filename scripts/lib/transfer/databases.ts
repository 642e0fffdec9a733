import { mkdirSync } from 'node:fs'
import { openIntelligenceDatabase, type IntelligenceDatabase } from '@quimbi/intelligence/database.ts'
import { openSupportDatabase, type SupportDatabase } from '@quimbi/support/database.ts'
import { dataDirectory, migrateDatabases, openDatabases } from '../databases.ts'

export type TransferDatabases = { support: SupportDatabase; intelligence: IntelligenceDatabase; close(): Promise<void> }

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
