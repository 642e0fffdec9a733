import { afterEach, describe, expect, it, vi } from 'vitest'
import { clientOf, failure, fine, json, limits, openFaultyDoor, text, type Answering } from './faults.test-kit.ts'

const doors: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
})
async function open(...script: Answering[]) {
  const door = await openFaultyDoor(...script)
  doors.push(door)
  return { ...door, ...clientOf(door.url) }
}

describe('the limits of a key', () => {
  it('are waited for as the answer says, by all calls', async () => {
    const { client, asked, clock, throttles } = await open(text('', 429, { 'retry-after': '7' }), fine)
    await Promise.all([client.rateLimit(), client.rateLimit()].map((call) => call.catch(() => {})))
    expect(clock.waited[0]).toBe(7_000)
    expect(throttles[0]).toEqual({ waitMs: 7_000, reason: 'THROTTLED', attempt: 1 })
    expect(asked.length).toBeGreaterThanOrEqual(3)
  })

  it('may be told by a date', async () => {
    const date = 'Sat, 21 Nov 2026 12:00:09 GMT'
    const { client, clock } = await open(text('', 429, { 'retry-after': date }), fine)
    await client.rateLimit()
    expect(clock.waited).toEqual([9_000])
  })

  it('are never the reason of a second refusal: requests wait until one is left', async () => {
    const last = json({ data: { rateLimit: limits } }, 200, { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0' })
    const { client, clock, throttles } = await open(last)
    for (let call = 0; call < 3; call += 1) await client.rateLimit()
    expect(clock.waited).toEqual([1_000, 1_000])
    expect(throttles.map(({ reason }) => reason)).toEqual(['PACED', 'PACED'])
  })

  it('hold for points too, and a call that would wait too long is not sent', async () => {
    const throttleStatus = { maximumAvailable: 1_000, currentlyAvailable: 0, restoreRate: 10 }
    const cost = { requestedQueryCost: 100, actualQueryCost: 90, throttleStatus }
    const { client, asked, clock } = await open(json({ data: { rateLimit: limits }, extensions: { cost } }))
    await client.rateLimit()
    expect(await failure(client.rateLimit({ maxWaitMs: 9_000 }))).toMatchObject({
      code: 'THROTTLED',
      retryAfterMs: 10_000,
    })
    expect(asked).toHaveLength(1)
    await client.rateLimit()
    expect(clock.waited).toEqual([10_000])
  })

  it('at most so many are under way at once, and who leaves the queue gives up his place', async () => {
    const answers: (() => void)[] = []
    const held: Answering = (response, asked) => void answers.push(() => fine(response, asked))
    const door = await open(held)
    const { client } = clientOf(door.url, { maxConcurrent: 2 })
    const leaver = new AbortController()
    const calls = [client.rateLimit(), client.rateLimit(), failure(client.rateLimit({ signal: leaver.signal }))]
    calls.push(client.rateLimit())
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    leaver.abort(new Error('left'))
    answers.splice(0).forEach((answer) => answer())
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    answers.splice(0).forEach((answer) => answer())
    expect(await Promise.all(calls)).toMatchObject([limits, limits, { message: 'left' }, limits])
    expect(door.asked).toHaveLength(3)
  })
})
