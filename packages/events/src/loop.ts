/** Runs a step again and again, one at a time: when woken, after `pollMs`, and after a growing delay when it failed. */
export type Loop = {
  start(): void
  /** The step runs soon, but not sooner than a failure's delay allows. */
  wake(): void
  /** Runs something between two steps. */
  exclusively<T>(run: () => Promise<T>): Promise<T>
  /** Resolves when the running step has ended; no other follows. */
  stop(): Promise<void>
}

type LoopOptions = {
  step: () => Promise<void>
  pollMs: number
  /** After a step, wakes gather for so long and make one step together. */
  restMs?: number
  /** The longest delay after failures. */
  maxBackOffMs?: number
  onError: (error: unknown, failures: number) => void
}

export function createLoop({ step, pollMs, restMs = 0, maxBackOffMs = 30_000, onError }: LoopOptions): Loop {
  let tail: Promise<unknown> = Promise.resolve()
  let running: Promise<void> | undefined
  let stopping = false
  let woken = false
  let endSleep: (() => void) | undefined
  /** Backing off or at rest: a wake is noted and waits. */
  let isResting = false

  const exclusively = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = tail.then(run)
    tail = turn.catch(() => {})
    return turn
  }

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      endSleep = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  async function turn(): Promise<void> {
    let failures = 0
    while (!stopping) {
      woken = false
      try {
        await exclusively(step)
        failures = 0
      } catch (error) {
        failures += 1
        onError(error, failures)
      }
      if (stopping) return
      isResting = true
      if (failures > 0) await sleep(backOff(failures, pollMs, maxBackOffMs))
      else if (restMs > 0) await sleep(restMs)
      isResting = false
      if (failures === 0 && !woken && !stopping) await sleep(Math.max(0, pollMs - restMs))
    }
  }

  return {
    exclusively,
    start() {
      running ??= turn()
    },
    wake() {
      woken = true
      if (!isResting) endSleep?.()
    },
    async stop() {
      stopping = true
      endSleep?.()
      await running
      await tail
    },
  }
}

/** Doubles from the poll's interval; the random half keeps instances from knocking together. */
function backOff(failures: number, pollMs: number, maxMs: number): number {
  const delay = Math.min(maxMs, pollMs * 2 ** Math.min(failures - 1, 20))
  return delay / 2 + (Math.random() * delay) / 2
}
