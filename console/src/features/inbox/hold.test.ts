import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHold } from './hold.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a hold', () => {
  it('lasts until the last reason is over, and a moment longer', () => {
    const changed = vi.fn()
    const hold = createHold(changed)
    hold.begin('pointer')
    hold.begin('focus')
    expect(changed.mock.calls).toEqual([[true]])
    hold.end('pointer')
    vi.advanceTimersByTime(10_000)
    expect(changed).toHaveBeenCalledTimes(1)
    hold.end('focus')
    vi.advanceTimersByTime(599)
    expect(changed).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1)
    expect(changed).toHaveBeenLastCalledWith(false)
  })

  it('lasts as long as letters come, and two seconds after the last', () => {
    const changed = vi.fn()
    const hold = createHold(changed)
    for (let letter = 0; letter < 5; letter += 1) {
      hold.sign('typing')
      vi.advanceTimersByTime(1_900)
    }
    expect(changed.mock.calls).toEqual([[true]])
    vi.advanceTimersByTime(100)
    expect(changed).toHaveBeenLastCalledWith(false)
  })

  it('goes on when the pointer comes back in time', () => {
    const changed = vi.fn()
    const hold = createHold(changed)
    hold.begin('pointer')
    hold.end('pointer')
    vi.advanceTimersByTime(300)
    hold.begin('pointer')
    vi.advanceTimersByTime(5_000)
    expect(changed.mock.calls).toEqual([[true]])
  })

  it('has no end of what never began, and leaves nothing behind', () => {
    const changed = vi.fn()
    const hold = createHold(changed)
    hold.end('pointer')
    hold.sign('scroll')
    hold.stop()
    vi.runAllTimers()
    expect(changed.mock.calls).toEqual([[true]])
  })
})
