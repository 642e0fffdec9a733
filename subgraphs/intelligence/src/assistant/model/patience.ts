/** How long a server's first sign is waited for, learned from what it took before. */
export type Patience = {
  /** Milliseconds. `isTrial`: a server that may have become slower is given all the time there is. */
  waitMs(isTrial: boolean): number
  took(ms: number): void
}

/** A silence this many times longer than usual is no ordinary one. */
const timesUsual = 4
/** The slowest of late counts, forgotten by a tenth with each answer. */
const forgetting = 0.9

/** Milliseconds. `coldMs`: while nothing is known of the server. */
type Bounds = { leastMs: number; coldMs: number; mostMs: number }

/**
 * A server that hangs is told from one that thinks only by what it usually takes: whoever waits for a fixed time waits too long for a fast
 * server, or gives up a slow one. One of which nothing is known yet is not waited for long: should it be slow, a trial finds that out after a pause.
 */
export function createPatience({ leastMs, coldMs, mostMs }: Bounds): Patience {
  let usual: number | null = null
  return {
    waitMs(isTrial) {
      if (isTrial) return mostMs
      return Math.min(mostMs, usual === null ? coldMs : Math.max(leastMs, timesUsual * usual))
    },
    took: (ms) => void (usual = Math.max(ms, (usual ?? 0) * forgetting)),
  }
}
