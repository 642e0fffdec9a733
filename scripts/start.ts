// `npm start`: the whole supergraph in one process, on a database of its own unless one is configured.
import { mkdirSync } from 'node:fs'
import { entityCacheMode } from '@quimbi/gateway/config.ts'
import { consoleEnvironment } from '@quimbi/gateway/console/folder.ts'
import { limitsEnvironment, onlyWithDocuments } from '@quimbi/gateway/limits/config.ts'
import { modelEnvironment } from '@quimbi/intelligence/assistant/model/settings.ts'
import { partnerEnvironment } from '@quimbi/intelligence/partner/limits.ts'
import { ConfigError, commonEnvironment, readEnvironment, booleanFlag } from '@quimbi/service/config.ts'
import { runUntilSignal } from '@quimbi/service/lifecycle.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { dataDirectory } from './lib/databases.ts'
import { startStandalone } from './lib/standalone.ts'
import { showSteps } from './lib/steps.ts'
import { welcome } from './lib/welcome.ts'

const help = `npm start: serves the whole graph from this machine.

  PORT                       where to listen; 4000
  HOST                       address to listen on; 127.0.0.1
  QUIMBI_DATA_DIR            where data is kept; .data in the project
  SUPPORT_DATABASE_URL       with INTELLIGENCE_DATABASE_URL: use these databases and not the embedded one
  SEED_DEMO                  whether to make the demo world; true for the embedded database, else false
  REDIS_URL                  shared limits and wake-ups
  ENTITY_CACHE               where insight is kept: off, memory or redis; redis with REDIS_URL, else memory
  OPENAI_API_KEY             has drafts written by a language model; without it they are written here
  OPENAI_BASE_URL            where that model is, if not at OpenAI
  OPENAI_MODEL               its name; gpt-5.4-mini
  CONSOLE_DIR                the folder of a built console, or off; the project's own, which is built where its sources changed
  LOG_LEVEL                  warn
`

const environment = commonEnvironment
  .pick({
    HOST: true,
    REDIS_URL: true,
    NODE_ENV: true,
    PORT: true,
    METRICS_TOKEN: true,
    OTEL_EXPORTER_OTLP_ENDPOINT: true,
    OTEL_TRACES_SAMPLER_ARG: true,
  })
  .extend({
    LOG_LEVEL: commonEnvironment.shape.LOG_LEVEL.default('warn'),
    SEED_DEMO: booleanFlag.optional(),
    ENTITY_CACHE: entityCacheMode.optional(),
    ...consoleEnvironment,
    ...limitsEnvironment,
    ...modelEnvironment,
    ...partnerEnvironment,
  })
  .refine(...onlyWithDocuments)

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(help)
  const dataDir = dataDirectory(process.env)
  const steps = showSteps(process.stderr)
  try {
    const config = readEnvironment(environment, process.env)
    mkdirSync(dataDir, { recursive: true })
    const log = createLogger({ service: 'quimbi', level: config.LOG_LEVEL, pretty: process.stderr.isTTY })
    const running = await startStandalone({ config, dataDir, environment: process.env, log, onStep: steps.step })
    steps.done()
    runUntilSignal(running.stoppables, { log })
    process.stdout.write(welcome({ ...running, partners: running.url }))
  } catch (error) {
    steps.fail()
    if (!(error instanceof Error)) throw error
    process.stderr.write(`${error instanceof ConfigError ? error.message : `npm start failed: ${error.message}`}\n`)
    if (process.env['LOG_LEVEL'] === 'debug') process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  }
}

await main()
