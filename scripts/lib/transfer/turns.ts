/** What work may wait for, and what may wait for it, while both are under way. */
export type Turn = {
  /** Resolves when the work that began before has passed on, or ended. */
  before: Promise<void>
  passOn(): void
}

/**
 * Runs work in the order of the calls, `most` at a time. What shares a key with work under way begins after it; what comes after work that failed
 * does not begin, and fails like it.
 */
export function createTurns(most: number) {
  const underWay = new Set<{ keys: ReadonlySet<string>; done: Promise<unknown> }>()
  let beginning: Promise<unknown> = Promise.resolve()
  let before: Promise<void> = Promise.resolve()
  let failure: { error: unknown } | undefined

  async function room(keys: ReadonlySet<string>): Promise<void> {
    for (;;) {
      if (failure) throw failure.error
      const others = [...underWay]
      const inTheWay = others.filter((other) => !keys.isDisjointFrom(other.keys))
      if (inTheWay.length > 0) await Promise.all(inTheWay.map(({ done }) => done))
      else if (others.length >= most) await Promise.race(others.map(({ done }) => done))
      else return
    }
  }

  function begin<T>(keys: ReadonlySet<string>, work: (turn: Turn) => Promise<T>): Promise<T> {
    const { promise: after, resolve: passOn } = Promise.withResolvers<void>()
    const running = work({ before, passOn })
    before = after
    const done = running
      .catch((error: unknown) => void (failure ??= { error }))
      .finally(() => (underWay.delete(turn), passOn()))
    const turn = { keys, done }
    underWay.add(turn)
    return running
  }

  return async <T>(keys: ReadonlySet<string>, work: (turn: Turn) => Promise<T>): Promise<T> => {
    // In an object, so that waiting for the beginning is not waiting for the end.
    const begun = beginning.then(async () => {
      await room(keys)
      return { running: begin(keys, work) }
    })
    beginning = begun.catch(() => {})
    return (await begun).running
  }
}
