/** Where the time comes from: rules take a clock, never `Date.now()`. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is moved. */
export type FixedClock = Clock & { advance(milliseconds: number): void; set(date: Date): void }

/** For tests and replays. */
export function fixedClock(start: Date | string): FixedClock {
  let time = new Date(start).getTime()
  return {
    now: () => new Date(time),
    advance: (milliseconds) => void (time += milliseconds),
    set: (date) => void (time = date.getTime()),
  }
}
