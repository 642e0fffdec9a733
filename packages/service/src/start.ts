import { inspect } from 'node:util'
import { ConfigError } from './config.ts'
import { runUntilSignal, type Stoppable } from './lifecycle.ts'
import type { Logger } from './logging.ts'
import type { ServiceName } from './viewer.ts'

/** A service that runs: where, and what to stop, in this order. */
export type Running = { url: string; log: Logger; stoppables: Stoppable[] }

/** Starts one service as its own process: config → server → wait for a signal → drain → stop. A mistake of its operator is printed and exits 1. */
export async function startService(name: ServiceName, serve: () => Promise<Running>): Promise<void> {
  try {
    const { url, log, stoppables } = await serve()
    runUntilSignal(stoppables, { log })
    log.info({ url }, 'serving')
  } catch (error) {
    // For the operator: a mistake of theirs as it is, anything else with where it came from.
    process.stderr.write(`${name}: ${error instanceof ConfigError ? error.message : inspect(error)}\n`)
    process.exit(1)
  }
}
