import { modelFailure } from './failures.ts'

/** Ends a call whose server says nothing for too long. */
export type Silence = {
  /** ends with MODEL_SLOW after the silence, or with the outer signal's reason */
  signal: AbortSignal
  /** Something came; so long the next may take. */
  heard(nextMs: number): void
  close(): void
}

export function watchSilence(outer: AbortSignal, firstMs: number): Silence {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let waits = 0
  const leave = () => controller.abort(outer.reason)

  function wait(ms: number): void {
    clearTimeout(timer)
    const wait = (waits += 1)
    // What arrived while this process was busy is read after its timers: the server is not to blame for that.
    timer = setTimeout(() => setImmediate(() => wait === waits && controller.abort(modelFailure('MODEL_SLOW'))), ms)
  }

  outer.addEventListener('abort', leave, { once: true })
  if (outer.aborted) leave()
  else wait(firstMs)
  return {
    signal: controller.signal,
    heard: wait,
    close() {
      waits += 1
      clearTimeout(timer)
      outer.removeEventListener('abort', leave)
    },
  }
}
