/** A page that does not tell when it is there has so long, from when it is waited for: ms. */
const mostMs = 2_000

const { promise, resolve } = Promise.withResolvers<void>()

/** What was asked for first stands there: after it has been painted, what waits for `afterFirstView` begins. */
export const firstViewIsThere = (): void => void requestAnimationFrame(() => setTimeout(resolve))

/** Resolves when what comes next may be fetched without holding up what was asked for first. */
export function afterFirstView(): Promise<void> {
  setTimeout(resolve, mostMs)
  return promise
}
