// npm run console: the console with hot reload, over a gateway that runs; with --build, the console as it is served. See --help.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, port, readEnvironment } from '@quimbi/service/config.ts'
import { z } from 'zod'
import { consoleStep } from './lib/launch/console.mjs'
import { runStep, StepFailed } from './lib/launch/step.mjs'
import { root } from './lib/root.ts'

const help = `npm run console [-- --build]: works on the console.

Serves it with hot reload at http://127.0.0.1:5173, over a graph that runs elsewhere (npm start, in another terminal).
With --build it is built into console/dist instead, as npm start does where its sources changed.

  GATEWAY_URL   the graph; http://127.0.0.1:4000
  CONSOLE_PORT  where to listen; 5173
`

const environment = z.object({
  GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .describe('where the graph is, e.g. http://127.0.0.1:4000')
    .default('http://127.0.0.1:4000'),
  CONSOLE_PORT: port.default(5173),
})

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean' }, build: { type: 'boolean' } } })
  if (values.help) return void process.stdout.write(help)
  if (values.build) return runStep(consoleStep)
  const { GATEWAY_URL, CONSOLE_PORT } = readEnvironment(environment, process.env)
  const isThere = await fetch(`${GATEWAY_URL}/health`).then(
    ({ ok }) => ok,
    () => false,
  )
  if (!isThere) process.stderr.write(`No graph answers at ${GATEWAY_URL} yet: npm start in another terminal.\n`)
  process.exitCode = await serve(GATEWAY_URL, CONSOLE_PORT)
}

function serve(gateway: string, at: number): Promise<number> {
  const args = ['console', '--host', '127.0.0.1', '--port', String(at), '--strictPort']
  const child = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), ...args], {
    cwd: root,
    env: { ...process.env, GATEWAY_URL: gateway },
    stdio: 'inherit',
  })
  const stop = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 0))
  })
}

await main().catch((error: unknown) => {
  if (!(error instanceof Error)) throw error
  const isTold = error instanceof ConfigError || error instanceof StepFailed
  process.stderr.write(`${isTold ? error.message : `npm run console: ${error.message}`}\n`)
  process.exitCode = 1
})
