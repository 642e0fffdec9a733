import type { Logger } from './logging.ts'

/** Something to stop before the process ends. */
export type Stoppable = { name: string; stop(): Promise<void> | void }

type LifecycleOptions = {
  log: Logger
  deadlineMs?: number
  /** A signal that follows the first one sooner is the same one: npm and the terminal each deliver theirs. */
  echoMs?: number
  /** What to do on SIGHUP in place of stopping. */
  onHangUp?: (() => void) | undefined
}

/**
 * Keeps the process until SIGINT, SIGTERM or SIGHUP, then stops everything in the order given and exits 0. A stop that hangs is
 * left behind after `deadlineMs` (15 s). A second signal, half a second later or more, exits at once with 130; an error that nobody caught stops and exits 1.
 */
export function runUntilSignal(
  stoppables: readonly Stoppable[],
  { log, deadlineMs = 15_000, echoMs = 500, onHangUp }: LifecycleOptions,
): void {
  let stopping = false
  let signalled = 0
  let failed = false

  async function stopAll(): Promise<void> {
    stopping = true
    for (const stoppable of stoppables) await stopOne(stoppable, log, deadlineMs)
    process.exit(failed ? 1 : 0)
  }
  function onSignal(signal: NodeJS.Signals): void {
    if (stopping && performance.now() - signalled < echoMs) return
    if (stopping) process.exit(130)
    signalled = performance.now()
    log.info({ signal }, 'stopping')
    void stopAll()
  }
  function onFatal(error: unknown): void {
    log.fatal({ err: error }, 'an error that nobody caught')
    failed = true
    if (!stopping) void stopAll()
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  // The terminal was closed, unless it means something else here.
  process.on('SIGHUP', onHangUp ?? onSignal)
  process.on('uncaughtException', onFatal)
  process.on('unhandledRejection', onFatal)
}

async function stopOne({ name, stop }: Stoppable, log: Logger, deadlineMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(resolve, deadlineMs, 'late')
  const outcome = await Promise.race([Promise.try(stop).catch((error: unknown) => ({ error })), promise])
  clearTimeout(timer)
  if (outcome === 'late') log.error({ stoppable: name, deadlineMs }, 'did not stop in time and was left behind')
  else if (outcome) log.error({ err: outcome.error, stoppable: name }, 'did not stop cleanly')
}
