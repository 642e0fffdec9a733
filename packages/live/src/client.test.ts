import { codedError } from '@quimbi/service/errors.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createLiveClient } from './client.ts'
import { createLogServer } from './live-test-kit.ts'
import { createProxy } from './test-proxy.ts'
import type { LiveOperation, LiveOptions, LiveSink, LiveStatus, SocketImpl } from './types.ts'

const query = 'subscription ($after: Cursor) { counted(after: $after) { n cursor } }'
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 5 })
const ends: (() => unknown)[] = []

let server: ReturnType<typeof createLogServer>
let proxy: Awaited<ReturnType<typeof createProxy>>
beforeEach(async () => {
  server = createLogServer()
  await server.start()
  proxy = await createProxy(() => server.port)
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  await proxy.close()
  await server.stop()
})

/** A client that counts, and what it heard. */
function follow(
  given: Partial<LiveOptions> = {},
  { operation = {}, sink = {} }: { operation?: Partial<LiveOperation>; sink?: Partial<LiveSink> } = {},
) {
  const heard: number[] = []
  const statuses: LiveStatus[] = []
  const live = createLiveClient({
    url: proxy.url,
    token: () => 'mia',
    onStatus: (status) => statuses.push(status),
    webSocketImpl: WebSocket as unknown as SocketImpl,
    firstWaitMs: 1,
    mostWaitMs: 5,
    ...given,
  })
  ends.push(() => live.close())
  const resync = vi.fn<LiveSink['resync']>(() => String(server.log.length))
  const error = vi.fn()
  const leave = live.subscribe(
    { query, after: '0', ...operation },
    {
      next: ({ data }) => void heard.push((data?.['counted'] as { n: number }).n),
      resync,
      error,
      ...sink,
    },
  )
  const states = () => statuses.map(({ state }) => state)
  const isHeard = (count: number) =>
    eventually(() => expect(heard).toEqual(Array.from({ length: count }, (_, n) => n + 1)))
  return { live, heard, statuses, states, resync, error, leave, isHeard }
}

describe('a live client', () => {
  it('tells events in order, and leaves nothing behind when it leaves', async () => {
    const { isHeard, leave, states, live } = follow()
    server.append(3)
    await isHeard(3)
    expect(states()).toEqual(['connecting', 'live'])
    expect(live.status).toEqual({ state: 'live' })
    expect(server.logins).toEqual(['Bearer mia'])
    leave()
    await eventually(() => expect([server.listeners.size, proxy.size()]).toEqual([0, 0]))
  })

  it.each<[string, () => unknown]>([
    ['a cut wire', () => proxy.cut()],
    ['a restart', async () => (await server.stop(), await server.start())],
    ['a schema reload', () => server.fail(codedError('SUBSCRIPTION_SCHEMA_RELOAD' as never, 'x', { retryable: true }))],
    ['an overflow', () => server.fail(codedError('RESYNC_REQUIRED', 'x', { reason: 'OVERFLOW', retryable: true }))],
    ['a service that is away', () => server.fail(codedError('SUBGRAPH_UNAVAILABLE', 'x', { retryable: true }))],
    ['a fault', () => server.fail(codedError('INTERNAL_SERVER_ERROR', 'x'))],
    ['a quiet end', () => [...server.listeners].forEach((channel) => channel.end())],
    [
      'a service that is not ready',
      () => {
        let refused = 0
        server.state.refusal = () => ((refused += 1) > 2 ? undefined : codedError('SUBGRAPH_UNAVAILABLE', 'Not yet.'))
        proxy.cut()
      },
    ],
  ])('goes on after %s, nothing lost and nothing twice', async (_, disturb) => {
    const { isHeard, resync } = follow()
    for (let round = 1; round <= 3; round += 1) {
      server.append(5)
      await isHeard(round * 10 - 5)
      const before = server.asked.length
      await disturb()
      server.append(5)
      await eventually(() => expect(server.asked.length).toBeGreaterThan(before))
      await isHeard(round * 10)
    }
    expect(resync).not.toHaveBeenCalled()
  })

  it('gives up a connection on which nothing is heard any more', async () => {
    const { isHeard, states } = follow({ pingMs: 50 })
    server.append(2)
    await isHeard(2)
    proxy.freeze()
    server.append(2)
    await eventually(() => expect(states()).toContain('waiting'))
    proxy.thaw()
    await isHeard(4)
  })

  it('gives up a connection that does not come about', async () => {
    proxy.freeze()
    const { isHeard, states } = follow({ pingMs: 50 })
    server.append(1)
    await eventually(() => expect(states().filter((state) => state === 'waiting').length).toBeGreaterThan(1))
    proxy.thaw()
    await isHeard(1)
  })

  it('says when it tries again, waits longer each time, and tries at once when told to', async () => {
    await server.stop()
    const { statuses, live, isHeard } = follow({ firstWaitMs: 20, mostWaitMs: 100_000, random: () => 0 })
    await eventually(() => expect(statuses.filter(({ state }) => state === 'waiting')).toHaveLength(3))
    await server.start()
    server.append(1)
    const { nextTryAt } = statuses.findLast((status) => status.state === 'waiting') as { nextTryAt: Date }
    expect(nextTryAt.getTime() - Date.now()).toBeLessThanOrEqual(80)
    live.tryNow()
    await isHeard(1)
  })

  it('asks for what is shown before its first event when it has no position', async () => {
    server.append(3)
    const { heard, resync } = follow({}, { operation: { after: undefined as never } })
    await eventually(() => expect(server.asked).toEqual([{ after: '3', query }]))
    server.append(1)
    await eventually(() => expect(heard).toEqual([4]))
    expect(resync.mock.calls).toEqual([['START']])
  })

  it('has a cursor older than the log loaded afresh, again when that fails', async () => {
    server.append(4)
    server.forget()
    const resync = vi.fn<LiveSink['resync']>().mockRejectedValueOnce(new Error('offline')).mockResolvedValueOnce('4')
    const { heard } = follow({}, { operation: { after: '1' }, sink: { resync } })
    await eventually(() => expect(server.asked.at(-1)?.after).toBe('4'))
    server.append(1)
    await eventually(() => expect(heard).toEqual([5]))
    expect(resync.mock.calls).toEqual([['TOO_OLD'], ['TOO_OLD']])
  })

  it('has what the agent may see loaded afresh when that changed', async () => {
    const { isHeard, resync } = follow()
    server.append(2)
    await isHeard(2)
    server.fail(codedError('RESYNC_REQUIRED', 'x', { reason: 'ROLE_CHANGED' }))
    await eventually(() => expect(server.asked).toHaveLength(2))
    server.append(2)
    await isHeard(4)
    expect(resync.mock.calls).toEqual([['ROLE_CHANGED']])
  })

  it('asks once for another token when one has expired, and is signed out when that holds no more', async () => {
    const token = vi.fn(() => `token-${token.mock.calls.length}`)
    const expired = (reason: string) => codedError('UNAUTHENTICATED', 'x', { reason })
    server.state.refusal = (authorization) =>
      authorization === 'Bearer token-1' ? expired('TOKEN_EXPIRED') : undefined
    const { isHeard, live, states } = follow({ token })
    server.append(1)
    await isHeard(1)
    expect(server.logins).toEqual(['Bearer token-1', 'Bearer token-2'])
    server.endLogins(expired('SESSION_ENDED'))
    await eventually(() => expect(live.status.state).toBe('signedOut'))
    server.append(1)
    expect(token).toHaveBeenCalledTimes(2)
    live.tryNow()
    await isHeard(2)
    expect(states().filter((state) => state === 'waiting')).toEqual([])
  })

  it.each(['TOKEN_EXPIRED', 'TOKEN_INVALID', 'SESSION_ENDED'])(
    'does not storm when every login is %s',
    async (reason) => {
      server.state.refusal = () => codedError('UNAUTHENTICATED', 'x', { reason })
      const { live } = follow()
      await eventually(() => expect(live.status.state).toBe('signedOut'))
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      expect(server.logins).toHaveLength(reason === 'TOKEN_EXPIRED' ? 2 : 1)
      expect(proxy.size()).toBe(0)
    },
  )

  it('asks for one token when many subscriptions end with the login at the same moment', async () => {
    const token = vi.fn(() => `token-${token.mock.calls.length}`)
    const { isHeard, live, states } = follow({ token })
    const heard: unknown[] = []
    live.subscribe({ query, after: '0' }, { next: (result) => heard.push(result), resync: () => null })
    await eventually(() => expect(server.listeners.size).toBe(2))
    server.fail(codedError('UNAUTHENTICATED', 'x', { reason: 'TOKEN_EXPIRED' }))
    server.append(1)
    await isHeard(1)
    await eventually(() => expect(heard).toHaveLength(1))
    expect(token).toHaveBeenCalledTimes(2)
    expect(states()).not.toContain('signedOut')
  })

  it('begins afresh for who has logged in again when nobody was left', async () => {
    server.state.refusal = () => codedError('UNAUTHENTICATED', 'x', { reason: 'SESSION_ENDED' })
    const { live, leave } = follow()
    await eventually(() => expect(live.status.state).toBe('signedOut'))
    leave()
    server.state.refusal = () => undefined
    live.tryNow()
    const heard: unknown[] = []
    live.subscribe({ query, after: '0' }, { next: (result) => heard.push(result), resync: () => null })
    server.append(1)
    await eventually(() => expect(heard).toHaveLength(1))
  })

  it('tries again when no token can be had', async () => {
    const token = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue('mia')
    const { isHeard, states } = follow({ token })
    server.append(1)
    await isHeard(1)
    expect(states()).toEqual(['connecting', 'waiting', 'connecting', 'live'])
  })

  it('is told of an operation that is refused, and does not ask again', async () => {
    server.state.refusals.push(codedError('BAD_USER_INPUT', 'No such thing.'))
    const { error } = follow()
    await eventually(() =>
      expect(error.mock.calls).toEqual([[[expect.objectContaining({ message: 'No such thing.' })]]]),
    )
    await eventually(() => expect(proxy.size()).toBe(0))
    expect(server.asked).toHaveLength(1)
  })

  it('has what has no positions loaded afresh after each break', async () => {
    const { heard, resync } = follow({}, { operation: { cursorOf: null, after: undefined as never } })
    await eventually(() => expect(server.listeners.size).toBe(1))
    expect(resync).not.toHaveBeenCalled()
    proxy.cut()
    await eventually(() => expect(resync.mock.calls).toEqual([['BREAK']]))
    await eventually(() => expect(server.listeners.size).toBe(1))
    server.append(1)
    await eventually(() => expect(heard).toEqual([1]))
  })

  it('carries many subscriptions on one connection, the others going on when one ends', async () => {
    const first = follow()
    const heard: unknown[] = []
    const leave = first.live.subscribe(
      { query, after: '0' },
      { next: ({ data }) => heard.push(data), resync: () => null },
    )
    server.append(2)
    await first.isHeard(2)
    await eventually(() => expect(heard).toHaveLength(2))
    expect(server.logins).toHaveLength(1)
    leave()
    await eventually(() => expect(server.listeners.size).toBe(1))
    server.append(1)
    await first.isHeard(3)
    expect(heard).toHaveLength(2)
    first.live.close()
    expect(() => first.live.subscribe({ query }, { next() {}, resync: () => null })).toThrow('closed')
  })
})
