/** So many at once; the others wait their turn. */
export function createSlots(most: number) {
  const waiting: (() => void)[] = []
  let taken = 0

  /** Returns what gives the place back. Rejects with the signal's reason. */
  async function take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted()
    if (taken < most) taken += 1
    else await turn(signal)
    return () => {
      const next = waiting.shift()
      if (next) next()
      else taken -= 1
    }
  }

  const turn = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      const go = () => (signal?.removeEventListener('abort', leave), resolve())
      const leave = () => {
        waiting.splice(waiting.indexOf(go), 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(go)
    })

  return { take }
}
