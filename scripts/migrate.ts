// `npm run migrate`: brings both configured databases to this version's schema. Run it before the new version's services start.
import { prepareJobs } from '@quimbi/database/jobs.ts'
import { ConfigError, databaseUrl, readEnvironment } from '@quimbi/service/config.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { z } from 'zod'
import { migrateDatabases } from './lib/databases.ts'

const help = `npm run migrate: brings both databases to this version's schema; what is applied already is left alone.

  SUPPORT_DATABASE_URL, INTELLIGENCE_DATABASE_URL   both are needed. Their user owns the database and may create roles

Any number of these may run at once: they take turns. The embedded database of npm start needs no call of this.
`

const environment = z.object({ SUPPORT_DATABASE_URL: databaseUrl, INTELLIGENCE_DATABASE_URL: databaseUrl })

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(help)
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  try {
    const config = readEnvironment(environment, process.env)
    const urls = { support: config.SUPPORT_DATABASE_URL, intelligence: config.INTELLIGENCE_DATABASE_URL }
    await migrateDatabases(urls, say)
    const log = createLogger({ service: 'migrate', level: 'warn' })
    for (const url of Object.values(urls)) await prepareJobs(url, log)
    say('Both databases are up to date.')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(
      `${error instanceof ConfigError ? error.message : `npm run migrate failed: ${error.message}`}\n`,
    )
    process.exitCode = 1
  }
}

await main()
