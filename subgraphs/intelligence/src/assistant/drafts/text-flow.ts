/** Text on its way from who writes to who reads. A slow reader gets more at a time. */
export type TextFlow = AsyncIterable<string, undefined> & {
  push(text: string): void
  /** What was pushed before is still read. Idempotent. */
  end(): void
}

/** No message is longer; what comes beyond is not shown on its way. */
const mostCharacters = 20_000

export function createTextFlow(): TextFlow {
  let pending = ''
  let left = mostCharacters
  let isOver = false
  let woken = Promise.withResolvers<void>()
  const wake = () => {
    woken.resolve()
    woken = Promise.withResolvers()
  }

  async function* read(): AsyncGenerator<string, undefined> {
    for (;;) {
      const text = pending
      pending = ''
      if (text !== '') yield text
      else if (isOver) return undefined
      else await woken.promise
    }
  }

  return {
    push(text) {
      if (isOver) return
      const taken = text.slice(0, left)
      left -= taken.length
      pending += taken
      wake()
    },
    end() {
      isOver = true
      wake()
    },
    [Symbol.asyncIterator]: read,
  }
}
