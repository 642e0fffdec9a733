import { isAddressed, type Audience, type Watcher } from '@quimbi/service/audience.ts'
import { createChannel, leavable } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import fc from 'fast-check'
import { setTimeout } from 'node:timers/promises'
import type { FormattedExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { shared } from './deliveries.ts'
import type { LiveEvent } from './events.ts'
import { createHub, type Hub } from './hub.ts'

type Entry = { position: bigint; audience: Audience; name: string }

/** A log that can be followed from anywhere, with up to two events at a place. */
function createLog() {
  const entries: Entry[] = []
  const followers = new Set<(entry: Entry) => void>()
  const eventOf = ({ position, audience, name }: Entry): LiveEvent => {
    const result = { data: { name } }
    return { position, resultFor: (watcher) => (isAddressed(watcher, audience) ? result : null) }
  }
  return {
    entries,
    append(...added: Entry[]) {
      entries.push(...added)
      for (const entry of added) for (const tell of [...followers]) tell(entry)
    },
    follow(after: bigint): AsyncGenerator<LiveEvent, undefined> {
      const channel = createChannel<Entry>({ capacity: Infinity, onEnd: () => followers.delete(tell) })
      const tell = (entry: Entry) => void channel.push(entry)
      for (const entry of entries) if (entry.position > after) tell(entry)
      followers.add(tell)
      async function* events() {
        for await (const entry of channel) yield eventOf(entry)
        return undefined
      }
      return leavable(events(), () => channel.end())
    },
    get followers() {
      return followers.size
    },
  }
}

const everybody: Audience = { overseers: true, everybody: true, agentId: null, exceptAgentId: null }
const of = (position: bigint, owner: string | null): Entry[] => [
  { position, name: `${position}`, audience: { ...everybody, everybody: owner === null, agentId: owner } },
  {
    ...{ position, name: `${position} left` },
    audience: { overseers: false, everybody: true, agentId: null, exceptAgentId: owner },
  },
]
const watchers: Watcher[] = [
  { agentId: 'mia', overseer: false },
  { agentId: 'leo', overseer: false },
  { agentId: 'eva', overseer: true },
]
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('those who share a subscription', () => {
  it('are told all that is theirs, once each and in order, wherever they begin and whenever they come', async () => {
    const owners = fc.array(fc.constantFrom(null, 'mia', 'leo'), { minLength: 1, maxLength: 30 })
    const arrivals = fc.array(
      fc.record({ at: fc.nat(30), behind: fc.nat(30), watcher: fc.constantFrom(...watchers) }),
      { minLength: 1, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(owners, arrivals, fc.integer({ min: 1, max: 10 }), async (all, coming, kept) => {
        const log = createLog()
        let hub: Hub | undefined = createHub({ events: log.follow(0n), from: 0n, onEnd: () => (hub = undefined), kept })
        const opened = hub
        const told: { seen: string[]; expected: () => string[]; leave(): void }[] = []
        for (const [index, owner] of all.entries()) {
          for (const { behind, watcher } of coming.filter(({ at }) => at % all.length === index)) {
            const after = BigInt(Math.max(0, index - behind))
            const deliveries = shared({
              ...{ watcher, after, hub: () => hub, replay: () => log.follow(after), capacity: 1_000 },
            })
            const seen: string[] = []
            void (async () => {
              for await (const { data } of deliveries.results) seen.push(String(data?.['name']))
            })()
            const expected = () =>
              log.entries
                .filter(({ position, audience }) => position > after && isAddressed(watcher, audience))
                .map(({ name }) => name)
            told.push({ seen, expected, leave: deliveries.leave })
            if (behind % 2) await turn()
          }
          log.append(...of(BigInt(index + 1), owner))
          if (index % 3 === 0) await turn()
        }
        for (let turns = 0; turns < 10; turns += 1) await turn()
        for (const { seen, expected } of told) expect(seen).toEqual(expected())
        for (const { leave } of told) leave()
        await opened.stop()
        await turn()
        expect(log.followers).toBe(0)
      }),
      { numRuns: 150 },
    )
  })

  it('are ended one by one when they cannot follow', async () => {
    const log = createLog()
    const hub = createHub({ events: log.follow(0n), from: 0n, onEnd: () => {} })
    const [watcher] = watchers as [Watcher]
    const join = (capacity: number) =>
      shared({ watcher, after: 0n, hub: () => hub, replay: () => log.follow(0n), capacity })
    const [slow, fast] = [join(2), join(100)]
    for (let n = 1n; n <= 3n; n += 1n) log.append(...of(n, null).slice(0, 1))
    await turn()
    await expect(slow.results.next()).rejects.toMatchObject({ extensions: { reason: 'OVERFLOW' } })
    expect(hub.size).toBe(1)
    expect((await fast.results.next()).value).toMatchObject({ data: { name: '1' } })
    fast.leave()
    expect(hub.size).toBe(0)
    await hub.stop()
  })

  it('keep open what they are still to join, and let go of it when they leave before', async () => {
    const log = createLog()
    log.append(...of(1n, null).slice(0, 1))
    const hub = createHub({ events: log.follow(1n), from: 1n, onEnd: () => {}, graceMs: 1 })
    const [watcher] = watchers as [Watcher]
    const come = (after: bigint) =>
      shared({ watcher, after, hub: () => hub, replay: () => log.follow(after), capacity: 10 })
    const [joined, behind] = [come(1n), come(0n)]
    expect((await behind.results.next()).value).toMatchObject({ data: { name: '1' } })
    joined.leave()
    await setTimeout(20)
    const next = behind.results.next()
    log.append(...of(2n, null).slice(0, 1))
    expect((await next).value).toMatchObject({ data: { name: '2' } })
    expect([hub.size, log.followers]).toEqual([1, 1])
    const late = come(0n)
    behind.leave()
    late.leave()
    await setTimeout(20)
    expect([hub.reaches(2n), log.followers]).toEqual([false, 0])
  })

  it('leave nothing open that none of them came to join', async () => {
    const log = createLog()
    const hub = createHub({ events: log.follow(1n), from: 1n, onEnd: () => {}, graceMs: 1 })
    const [watcher] = watchers as [Watcher]
    shared({ watcher, after: 0n, hub: () => hub, replay: () => log.follow(0n), capacity: 10 }).leave()
    await setTimeout(20)
    expect([hub.reaches(1n), log.followers]).toEqual([false, 0])
  })

  it('begin nothing when they were ended before they began', async () => {
    const log = createLog()
    const [watcher] = watchers as [Watcher]
    const one = shared({ watcher, after: 0n, hub: () => undefined, replay: () => log.follow(0n), capacity: 10 })
    one.fail(codedError('UNAUTHENTICATED', 'over'))
    await expect(one.results.next()).rejects.toThrow('over')
    expect(log.followers).toBe(0)
  })

  it('are told the same object, and why it ended', async () => {
    const source = createChannel<LiveEvent>({ capacity: 10 })
    async function* events() {
      yield* source
      return undefined
    }
    let isEnded = false
    const hub = createHub({ events: events(), from: 0n, onEnd: () => (isEnded = true) })
    const join = (watcher: Watcher) =>
      shared({ ...{ watcher, after: 0n, hub: () => hub, capacity: 10 }, replay: () => events() })
    const all = watchers.map(join)
    const result: FormattedExecutionResult = { data: { a: 1 } }
    source.push({ position: 1n, resultFor: () => result })
    for (const { results } of all) expect((await results.next()).value).toBe(result)
    source.fail(codedError('RESYNC_REQUIRED', 'The log was restored', { reason: 'LOG_RESTORED' }))
    for (const { results } of all)
      await expect(results.next()).rejects.toMatchObject({ extensions: { reason: 'LOG_RESTORED' } })
    expect(isEnded).toBe(true)
    expect(hub.reaches(1n)).toBe(false)
    await hub.stop()
  })
})
