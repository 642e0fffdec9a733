import { setTimeout } from 'node:timers/promises'
import { createChannel, leavable } from '@quimbi/service/channel.ts'
import { encodePosition } from '@quimbi/service/log-position.ts'
import { describe, expect, it } from 'vitest'
import type { LiveEvent } from './events.ts'
import { createHubs, createPositions, type Place } from './hubs.ts'

const at = (position: bigint): Place => ({ position, cursor: encodePosition('t', position) })

function events() {
  const channel = createChannel<LiveEvent>({ capacity: 10 })
  async function* all() {
    yield* channel
    return undefined
  }
  return leavable(all(), () => channel.end())
}

describe('where streams stand', () => {
  it('is asked once for all who ask at the same time, of each tenant and service, and then again', async () => {
    const asked: string[] = []
    const position = (service: string) => async (tenantId: string) =>
      encodePosition(tenantId, BigInt(asked.push(`${service} ${tenantId}`)))
    const positions = createPositions({ a: position('a'), b: position('b') })
    const ask = () => Promise.all([positions('a', 't'), positions('a', 't'), positions('a', 'u'), positions('b', 't')])
    expect((await ask()).map((place) => place?.position)).toEqual([1n, 1n, 2n, 3n])
    expect(asked).toEqual(['a t', 'a u', 'b t'])
    expect((await ask())[0]?.position).toBe(4n)
  })

  it('is not known of a service without positions, nor from a cursor of something else', async () => {
    const positions = createPositions({ a: async () => encodePosition('u', 1n) })
    expect(await Promise.all([positions('a', 't'), positions('b', 't')])).toEqual([null, null])
  })
})

describe('shared subscriptions', () => {
  it('are one for all who ask the same, until it ends', async () => {
    const told: string[] = []
    const hubs = createHubs({ onOpened: () => told.push('opened'), onClosed: () => told.push('closed') })
    const open = (key: string) => hubs.open(key, at(5n), at(5n), events)
    const one = open('a')
    expect([open('a') === one, open('b') === one, hubs.get('a') === one, hubs.size]).toEqual([true, false, true, 2])
    await one.stop()
    expect([hubs.get('a'), hubs.size]).toEqual([undefined, 1])
    const next = open('a')
    await one.stop()
    expect(hubs.get('a')).toBe(next)
    await hubs.stop()
    expect(told).toEqual(['opened', 'opened', 'closed', 'opened', 'closed', 'closed'])
  })

  it.each([
    [0n, 1_000n, 0n],
    [0n, 1_001n, 1_001n],
  ])('for who was told up to %d when the log is at %d begin at %d', async (place, now, expected) => {
    const hubs = createHubs({ onOpened() {}, onClosed() {} })
    const began: string[] = []
    const hub = hubs.open('a', at(place), at(now), (after) => (began.push(after), events()))
    expect([began, hub.head]).toEqual([[encodePosition('t', expected)], expected])
    await hubs.stop()
  })

  it('stay for who comes back in time', async () => {
    const hubs = createHubs({ onOpened() {}, onClosed() {}, graceMs: 20 })
    const hub = hubs.open('a', at(0n), at(0n), events)
    const join = () => hub.join({ watcher: { agentId: 'mia', overseer: true }, after: 0n, tell() {}, end() {} })
    join()()
    const leave = join()
    await setTimeout(60)
    expect(hubs.size).toBe(1)
    leave()
    await setTimeout(60)
    expect(hubs.size).toBe(0)
  })
})
