import type { LiveClient, LiveOptions, LiveOperation, LiveStatus } from '@quimbi/live/types.ts'
import { expect, test, vi } from 'vitest'
import { createLateClient } from './late-client.ts'

const sink = { next: () => {}, resync: () => null }
const asked = (query: string): LiveOperation => ({ query })

function aClient() {
  const log: string[] = []
  const make = (_options: LiveOptions): LiveClient => ({
    subscribe: ({ query }) => {
      log.push(`+${query}`)
      return () => void log.push(`-${query}`)
    },
    status: { state: 'live' },
    tryNow: () => void log.push('now'),
    close: () => void log.push('closed'),
  })
  return { log, make }
}

const options: LiveOptions = { url: 'http://console.test/graphql', token: () => 'token' }

test('nothing is fetched before something is subscribed; what was left meanwhile is not subscribed at all', async () => {
  const { log, make } = aClient()
  const fetched = Promise.withResolvers<typeof make>()
  const fetchMake = vi.fn(() => fetched.promise)
  const client = createLateClient(options, fetchMake)
  expect(fetchMake).not.toHaveBeenCalled()
  const [leaveA, leaveB] = [client.subscribe(asked('a'), sink), client.subscribe(asked('b'), sink)]
  leaveB()
  expect(log).toEqual([])
  fetched.resolve(make)
  await vi.waitFor(() => expect(log).toEqual(['+a']))
  client.subscribe(asked('c'), sink)
  leaveA()
  client.tryNow()
  client.close()
  expect(log).toEqual(['+a', '+c', '-a', 'now', 'closed'])
  expect(fetchMake).toHaveBeenCalledTimes(1)
})

test('code that cannot be fetched is tried again, at once where somebody asks; the status tells', async () => {
  const { log, make } = aClient()
  const told: LiveStatus['state'][] = []
  const fetchMake = vi.fn(async () => make).mockRejectedValueOnce(new Error('no network'))
  const client = createLateClient({ ...options, onStatus: ({ state }) => told.push(state) }, fetchMake)
  client.subscribe(asked('a'), sink)
  await vi.waitFor(() => expect(told).toEqual(['waiting']))
  client.tryNow()
  await vi.waitFor(() => expect(log).toEqual(['+a']))
  expect(told).toEqual(['waiting', 'connecting'])
})

test('closed before it was fetched, it never connects', async () => {
  const { log, make } = aClient()
  const fetched = Promise.withResolvers<typeof make>()
  const client = createLateClient(options, () => fetched.promise)
  client.subscribe(asked('a'), sink)
  client.close()
  fetched.resolve(make)
  await new Promise((resolve) => setTimeout(resolve))
  expect(log).toEqual([])
})
