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

/**
 * A server that hangs is told from one that thinks only by what it usually takes: whoever waits for a fixed time waits too long for a fast
 * server, or gives up a slow one.
 */
export function createPatience({ leastMs, mostMs }: { leastMs: number; mostMs: number }): Patience {
  let usual: number | null = null
  return {
    waitMs: (isTrial) => (isTrial || usual === null ? mostMs : Math.min(mostMs, Math.max(leastMs, timesUsual * usual))),
    took: (ms) => void (usual = Math.max(ms, (usual ?? 0) * forgetting)),
  }
}
