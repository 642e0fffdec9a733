import { leavable } from '@quimbi/service/channel.ts'
import { codedError } from '@quimbi/service/errors.ts'
import fc from 'fast-check'
import type { FormattedExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { LiveOperation } from './operation.ts'
import type { SubgraphStream } from './sources.ts'
import { openUpstream } from './upstream.ts'

const operation = (isResumable: boolean) =>
  ({
    primary: (_variables: unknown, after: string | null) => ({ query: '', variables: { after } }),
    ...{ key: 'happened', isResumable, hasAudience: false, onReceived: null },
  }) as unknown as LiveOperation

const facts = { requestId: 'test-request', caller: null }
const lost = () => codedError('SUBGRAPH_UNAVAILABLE', 'lost', { retryable: true })
const eventOf = (cursor: string, name: string): FormattedExecutionResult => ({
  data: { happened: { _live_cursor: cursor, name } },
})

/** A subgraph that tells a log, two events at each place, and loses the way after so many each time. */
function losing(places: number, lengths: readonly number[]): { stream: SubgraphStream; opened: () => number } {
  let opened = 0
  return {
    opened: () => opened,
    stream: async ({ variables }) => {
      const after = Number(variables?.['after'])
      const length = lengths[opened] ?? Infinity
      opened += 1
      async function* results() {
        let told = 0
        for (let place = after + 1; place <= places; place += 1)
          for (const half of ['a', 'b']) {
            if (told === length) throw lost()
            told += 1
            yield eventOf(String(place), `${place}${half}`)
          }
        return undefined
      }
      return leavable(results(), () => {})
    },
  }
}

async function read(stream: SubgraphStream, count: number, isResumable = true): Promise<unknown[]> {
  const events = openUpstream({ stream, operation: operation(isResumable), variables: {}, facts, after: '0' })
  const names: unknown[] = []
  for await (const { data } of events) {
    names.push((data['happened'] as { name: string }).name)
    if (names.length === count) break
  }
  return names
}

describe('a stream of a subgraph', () => {
  it('is told once and in order, whenever the way is lost, also between two events of one place', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 })
    await fc.assert(
      fc.asyncProperty(lengths, async (all) => {
        const { stream, opened } = losing(4, all)
        expect(await read(stream, 8)).toEqual(['1a', '1b', '2a', '2b', '3a', '3b', '4a', '4b'])
        expect(opened()).toBeGreaterThanOrEqual(1)
      }),
      { numRuns: 20 },
    )
  })

  it('is to be opened by the client again where it has no cursors', async () => {
    await expect(read(losing(4, [3]).stream, 8, false)).rejects.toMatchObject({
      extensions: { code: 'RESYNC_REQUIRED', reason: 'UPSTREAM_LOST', retryable: true },
    })
  })

  it('ends where it says so, and is lost where it merely ends', async () => {
    const stream =
      (done: boolean): SubgraphStream =>
      async () => {
        async function* results(): AsyncGenerator<FormattedExecutionResult, undefined> {
          yield { data: { happened: { name: 'a', _live_done: false } } }
          yield { data: { happened: { name: 'b', _live_done: done } } }
          return undefined
        }
        return leavable(results(), () => {})
      }
    expect(await read(stream(true), 8, false)).toEqual(['a', 'b'])
    await expect(read(stream(false), 8, false)).rejects.toMatchObject({ extensions: { reason: 'UPSTREAM_LOST' } })
  })

  it('ends with what the subgraph refuses', async () => {
    const stream: SubgraphStream = async () => ({
      errors: [{ message: 'The log does not reach back', extensions: { code: 'RESYNC_REQUIRED' } }],
    })
    await expect(read(stream, 1)).rejects.toMatchObject({ extensions: { code: 'RESYNC_REQUIRED' } })
  })

  it('is asked again for an event that nobody can be told of, and given up when it stays so', async () => {
    let asked = 0
    const stream: SubgraphStream = async () => {
      asked += 1
      async function* results(): AsyncGenerator<FormattedExecutionResult, undefined> {
        yield { data: null, errors: [{ message: 'failed' }] }
        return undefined
      }
      return leavable(results(), () => {})
    }
    await expect(read(stream, 1)).rejects.toMatchObject({ extensions: { reason: 'EVENT_FAILED' } })
    expect(asked).toBe(4)
  })

  it('is left while it waits to come again', async () => {
    const stream: SubgraphStream = async () => Promise.reject(lost())
    const events = openUpstream({ stream, operation: operation(true), variables: {}, facts, after: '0' })
    const next = events.next()
    await new Promise((resolve) => setImmediate(resolve))
    await events.return(undefined)
    expect((await next).done).toBe(true)
  })
})
