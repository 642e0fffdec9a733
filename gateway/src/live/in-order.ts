import { leavable } from '@quimbi/service/channel.ts'

/** Works at up to `width` values at a time, in order. The source must allow to be asked for the next value before it gave the last one. */
export function inOrder<T, U>(
  source: AsyncGenerator<T, unknown>,
  work: (value: T) => Promise<U>,
  width: number,
): AsyncGenerator<U, undefined> {
  const pull = async (): Promise<IteratorResult<U, undefined>> => {
    const { value, done } = await source.next()
    return done ? { done, value: undefined } : { done: false, value: await work(value) }
  }
  async function* results(): AsyncGenerator<U, undefined> {
    const ahead: Promise<IteratorResult<U, undefined>>[] = []
    try {
      for (;;) {
        while (ahead.length < width) {
          const next = pull()
          next.catch(() => {}) // told when its turn comes
          ahead.push(next)
        }
        const { value, done } = (await ahead.shift()) ?? { done: true, value: undefined }
        if (done) return undefined
        yield value
      }
    } finally {
      await source.return(undefined)
    }
  }
  return leavable(results(), () => void source.return(undefined).catch(() => {}))
}
