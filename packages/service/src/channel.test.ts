import { describe, expect, it } from 'vitest'
import { createChannel, leavable } from './channel.ts'

describe('a channel', () => {
  it('gives what was put in, in order, then ends', async () => {
    const channel = createChannel<number>({ capacity: 2 })
    expect([channel.push(1), channel.push(2), channel.push(3)]).toEqual([true, true, false])
    expect(await channel.next()).toEqual({ done: false, value: 1 })
    expect(channel.push(4)).toBe(true)
    expect([await channel.next(), await channel.next()].map(({ value }) => value)).toEqual([2, 4])
    const waiting = channel.next()
    channel.end()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(channel.push(5)).toBe(false)
  })

  it('fails once, forgetting what it held, and is over then', async () => {
    let ends = 0
    const channel = createChannel<number>({ capacity: 2, onEnd: () => (ends += 1) })
    channel.push(1)
    channel.fail(new Error('full'))
    channel.fail(new Error('again'))
    await expect(channel.next()).rejects.toThrow('full')
    expect(await channel.next()).toEqual({ done: true, value: undefined })
    await channel.return?.()
    expect(ends).toBe(1)
  })
})

describe('a leavable generator', () => {
  it('is left while it waits', async () => {
    const channel = createChannel<number>({ capacity: 2 })
    let cleaned = false
    const source = (async function* () {
      try {
        yield* channel
      } finally {
        cleaned = true
      }
    })()
    const stream = leavable(source, () => channel.end())
    const waiting = stream.next()
    await stream.return(undefined)
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(cleaned).toBe(true)
  })

  it('stops what it never began', async () => {
    let stopped = false
    const source = (async function* () {
      yield 1
    })()
    await leavable(source, () => (stopped = true)).return(undefined)
    expect(stopped).toBe(true)
  })
})
