/** Items from memory, or from a stream that is read no faster than it is sent. */
export type Items<T> = Iterable<T> | AsyncIterable<T>
type Most = { items: number; bytes: number }

const bytesOf = (item: unknown) => new TextEncoder().encode(JSON.stringify(item)).length + 1

/** Items in chunks of so many and so large at most; an item that is larger goes alone. */
export async function* chunksOf<T>(items: Items<T>, most: Most): AsyncGenerator<T[], undefined> {
  let chunk: T[] = []
  let bytes = 0
  for await (const item of items) {
    const size = bytesOf(item)
    if (chunk.length > 0 && (chunk.length >= most.items || bytes + size > most.bytes)) {
      yield chunk
      ;[chunk, bytes] = [[], 0]
    }
    chunk.push(item)
    bytes += size
  }
  if (chunk.length > 0) yield chunk
  return undefined
}

/** Answers in the order of what was asked, so many asked at once. The first failure ends it. */
export async function* inOrder<T, R>(
  asked: AsyncIterable<T>,
  most: number,
  ask: (one: T) => Promise<R>,
): AsyncGenerator<R, undefined> {
  const running: Promise<R>[] = []
  for await (const one of asked) {
    const answer = ask(one)
    // Heard when its turn comes.
    answer.catch(() => {})
    running.push(answer)
    if (running.length >= most) yield (await running.shift()) as R
  }
  for (const answer of running) yield await answer
  return undefined
}
