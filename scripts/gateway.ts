// npm run gateway: serves any Federation 2 supergraph file. See --help.
import { resolve } from 'node:path'
import { gatewayArguments, gatewayHelp } from '@quimbi/gateway/standalone/arguments.ts'
import { serveStandalone } from '@quimbi/gateway/standalone/serve.ts'
import { StartError } from '@quimbi/gateway/standalone/start-error.ts'
import { runUntilSignal } from '@quimbi/service/lifecycle.ts'
import { commonEnvironment, readEnvironment } from '@quimbi/service/config.ts'
import { createLogger } from '@quimbi/service/logging.ts'
import { telemetryOf } from '@quimbi/service/telemetry.ts'
import { userDirectory } from './lib/root.ts'

const environment = commonEnvironment.pick({ OTEL_EXPORTER_OTLP_ENDPOINT: true, OTEL_TRACES_SAMPLER_ARG: true })

async function main(): Promise<void> {
  const asked = gatewayArguments(process.argv.slice(2))
  if (!asked) return void process.stdout.write(gatewayHelp)
  const telemetry = telemetryOf('gateway', readEnvironment(environment, process.env))
  const log = createLogger({ service: 'gateway', level: 'info', pretty: process.stderr.isTTY })
  const { url, stoppables, reload } = await serveStandalone({
    ...asked,
    supergraph: resolve(userDirectory, asked.supergraph),
    log,
  })
  const ends = [...stoppables, { name: 'telemetry', stop: () => telemetry?.stop() }]
  runUntilSignal(ends, { log, onHangUp: () => void reload() })
  process.stdout.write(`The graph is at ${url}/graphql\n`)
}

await main().catch((error: unknown) => {
  const line =
    error instanceof StartError
      ? `${error.code}: ${error.message}`
      : `The gateway failed: ${error instanceof Error ? error.message : String(error)}`
  process.stderr.write(`${line}\n`)
  process.exit(error instanceof StartError && error.code === 'ARGUMENT' ? 2 : 1)
})
