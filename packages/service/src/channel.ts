/** A queue between one producer and one consumer, read as an async iterable. */
export type Channel<T> = AsyncIterableIterator<T, undefined, undefined> & {
  /** False when it is full or over; a full one keeps what it has. */
  push(value: T): boolean
  /** Ends it with an error at once: what is queued is forgotten. */
  fail(error: Error): void
  /** Ends it at once; a waiting consumer is told. */
  end(): void
  /** Forgets what is queued. */
  clear(): void
  readonly size: number
}

/** Holds up to `capacity` values. `onEnd` runs once, however it ends. */
export function createChannel<T>({ capacity, onEnd }: { capacity: number; onEnd?: () => void }): Channel<T> {
  let queue: T[] = []
  let waiting: { resolve(result: IteratorResult<T, undefined>): void; reject(error: Error): void } | undefined
  let failure: Error | undefined
  let isOver = false

  function finish(error?: Error): void {
    if (isOver) return
    isOver = true
    queue = []
    const consumer = waiting
    waiting = undefined
    if (consumer && error) consumer.reject(error)
    else if (consumer) consumer.resolve({ done: true, value: undefined })
    else failure = error
    onEnd?.()
  }

  return {
    push(value) {
      if (isOver) return false
      if (waiting) {
        waiting.resolve({ done: false, value })
        waiting = undefined
        return true
      }
      if (queue.length >= capacity) return false
      queue.push(value)
      return true
    },
    fail: (error) => finish(error),
    end: () => finish(),
    clear: () => void (queue = []),
    get size() {
      return queue.length
    },
    next() {
      const [value] = queue
      if (queue.length > 0) {
        queue.shift()
        return Promise.resolve({ done: false, value: value as T })
      }
      if (failure) {
        const error = failure
        failure = undefined
        return Promise.reject(error)
      }
      if (isOver) return Promise.resolve({ done: true, value: undefined })
      const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T, undefined>>()
      waiting = { resolve, reject }
      return promise
    },
    return() {
      finish()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/**
 * A generator that can be left while it waits: `stop` makes what it waits for end. Without it, `return()` of a generator
 * is only heard once its pending step is over, which for a quiet stream is never. `stop` runs at least once.
 */
export function leavable<T>(
  generator: AsyncGenerator<T, unknown>,
  stop: () => void,
): AsyncGenerator<T, undefined, undefined> {
  const leave = async (): Promise<IteratorResult<T, undefined>> => {
    stop()
    await generator.return(undefined)
    return { done: true, value: undefined }
  }
  return {
    next: async () => (await generator.next()) as IteratorResult<T, undefined>,
    return: leave,
    throw: async (error: unknown) => {
      await leave()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
    [Symbol.asyncDispose]: async () => void (await leave()),
  }
}
