import { failure } from '@quimbi/events/failure.ts'
import { createLoop } from '@quimbi/events/loop.ts'
import type { Clock } from '@quimbi/service/clock.ts'
import { codedError } from '@quimbi/service/errors.ts'
import type { Logger } from '@quimbi/service/logging.ts'
import type { Live } from '@quimbi/service/subscriptions.ts'

/** What ends a subscription before its time. */
export type End = Parameters<Live<object>['watch']>[1]

/** Those who stay connected, and whether their logins still hold: asked of all at once, and only while there are any. */
export type Logins<W> = {
  /** `expiresAt`: when it ends by itself, if that is known. Returns what forgets them; false when they were forgotten before. */
  add(watched: W, expiresAt: Date | null): () => boolean
  readonly size: number
  stop(): Promise<void>
}

type LoginsOptions<W> = {
  /** Ends those whose login does not hold any more. */
  check(all: ReadonlySet<W>): Promise<void>
  /** Calls when a check is due at once. */
  onHint?: (wake: () => void) => { leave(): void }
  clock: Clock
  log: Logger
  pollMs?: number
}

export function createLogins<W extends { end: End }>(options: LoginsOptions<W>): Logins<W> {
  const { check, onHint, clock, log, pollMs = 1_000 } = options
  const all = new Set<W>()
  let checking: { stop(): Promise<void> } | undefined
  const stopping = new Set<Promise<void>>()

  function start() {
    const onError = (error: unknown) => log.warn(failure(error), 'open sessions could not be checked')
    const loop = createLoop({ step: () => check(all), pollMs, maxBackOffMs: 5_000, onError })
    const hint = onHint?.(() => loop.wake())
    loop.start()
    return {
      stop() {
        hint?.leave()
        return loop.stop()
      },
    }
  }

  function finish(): Promise<void> {
    const stopped = checking?.stop() ?? Promise.resolve()
    checking = undefined
    stopping.add(stopped)
    return stopped.finally(() => stopping.delete(stopped))
  }

  return {
    add(watched, expiresAt) {
      all.add(watched)
      checking ??= start()
      const left = (expiresAt?.getTime() ?? 0) - clock.now().getTime()
      const timer = expiresAt && setTimeout(() => watched.end(loginEnded('TOKEN_EXPIRED')), left).unref()
      return () => {
        if (!all.delete(watched)) return false
        if (timer) clearTimeout(timer)
        if (all.size === 0) void finish()
        return true
      }
    },
    get size() {
      return all.size
    },
    async stop() {
      await Promise.all([finish(), ...stopping])
    },
  }
}

export const loginEnded = (reason: 'SESSION_ENDED' | 'TOKEN_EXPIRED' | 'KEY_INVALID') =>
  codedError('UNAUTHENTICATED', 'This login has ended. Log in again.', { reason })
