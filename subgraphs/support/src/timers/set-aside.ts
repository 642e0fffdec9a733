import type { Clock } from '@quimbi/service/clock.ts'

/** Tickets whose timers failed, until they are tried again: after a second, two, four … up to five minutes. */
export type SetAside = {
  /** How often it has failed by now. */
  add(id: string): number
  /** Those whose time to be tried again has not come. */
  ids(): string[]
}

const longestMs = 300_000
/** One that did not fail again for so long is forgotten. */
const forgottenMs = 2 * longestMs

export function createSetAside(clock: Clock): SetAside {
  const failed = new Map<string, { failures: number; until: number }>()
  return {
    add(id) {
      const failures = (failed.get(id)?.failures ?? 0) + 1
      const until = clock.now().getTime() + Math.min(longestMs, 1_000 * 2 ** Math.min(failures - 1, 20))
      failed.set(id, { failures, until })
      return failures
    },
    ids() {
      const now = clock.now().getTime()
      for (const [id, { until }] of failed) if (until + forgottenMs < now) failed.delete(id)
      return [...failed].flatMap(([id, { until }]) => (until > now ? id : []))
    },
  }
}
