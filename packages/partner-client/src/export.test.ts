import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { clientOf, coded, failure, json, openFaultyDoor, text, type Answering } from './faults.test-kit.ts'

const doors: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
})

const lines = (from: number, to: number) =>
  Array.from(
    { length: to - from + 1 },
    (_, n) => `${JSON.stringify({ id: `c-${from + n}`, cursor: `@${from + n}`, name: 'Zoë' })}\n`,
  ).join('')
const end = (customers: number) => `${JSON.stringify({ end: true, cursor: '@', customers })}\n`
const ndjson = { 'content-type': 'application/x-ndjson; charset=utf-8' }
const whole = (body: string): Answering => text(body, 200, ndjson)
/** Sends that and hangs up. */
const cutAfter =
  (body: string): Answering =>
  (response) => {
    response.writeHead(200, ndjson)
    response.write(body, () => setImmediate(() => response.socket?.resetAndDestroy()))
  }

async function exported(options: object, ...script: Answering[]) {
  const door = await openFaultyDoor(...script)
  doors.push(door)
  const { client, clock } = clientOf(door.url)
  const ids: string[] = []
  const read = async () => {
    for await (const { id } of client.exportInsight(options)) ids.push(id)
  }
  const error = await failure(read())
  return { ids, error, clock, paths: door.asked.map(({ path }) => path.replace('/partner/export/insight', '')) }
}
const ids = (count: number) => Array.from({ length: count }, (_, n) => `c-${n + 1}`)

describe('an export', () => {
  it('tells each customer, and ends where the door says so', async () => {
    const told = await exported({ updatedSince: '2026-01-01T00:00:00Z' }, whole(lines(1, 3) + end(3)))
    expect(told).toMatchObject({ ids: ids(3), error: undefined, paths: ['?updatedSince=2026-01-01T00%3A00%3A00Z'] })
  })

  it('may come compressed', async () => {
    const packed: Answering = (response) =>
      void response.writeHead(200, { ...ndjson, 'content-encoding': 'gzip' }).end(gzipSync(lines(1, 500) + end(500)))
    expect((await exported({}, packed)).ids).toEqual(ids(500))
  })

  it('goes on after its last customer when it is cut, each once', async () => {
    const halfALine = lines(1, 4).slice(0, -10)
    const {
      ids: told,
      error,
      paths,
    } = await exported({}, cutAfter(halfALine), text('', 503), whole(lines(4, 6)), whole(lines(7, 7) + end(1)))
    expect([told, error]).toEqual([ids(7), undefined])
    expect(paths).toEqual(['', '?after=%403', '?after=%403', '?after=%406'])
  })

  it('asks for what is left of its limit', async () => {
    const told = await exported({ limit: 5 }, whole(lines(1, 3)), whole(lines(4, 5) + end(2)))
    expect(told).toMatchObject({ ids: ids(5), error: undefined, paths: ['?limit=5', '?after=%403&limit=2'] })
  })

  it('is cut where its end tells of another number', async () => {
    const told = await exported({}, whole(lines(1, 2) + end(3)), whole(end(0)))
    expect(told).toMatchObject({ ids: ids(2), error: undefined, paths: ['', '?after=%402'] })
  })

  it.each<[string, Answering, object, number]>([
    ['breaks off again and again', whole(''), { code: 'STREAM_CUT' }, 5],
    ['holds what is no JSON', whole('{"id"\n'), { code: 'UNEXPECTED_RESPONSE' }, 1],
    ['holds what is no customer', whole('{"id":1}\n'), { code: 'UNEXPECTED_RESPONSE' }, 1],
    ['is a page', text('<html>'), { code: 'UNEXPECTED_RESPONSE' }, 1],
    ['is refused', json(coded('FORBIDDEN'), 403), { code: 'FORBIDDEN', status: 403 }, 1],
    ['is redirected', text('', 302, { location: 'http://127.0.0.1:9/' }), { code: 'UNEXPECTED_RESPONSE' }, 1],
  ])('fails when it %s', async (_, answer, facts, times) => {
    const { error, paths } = await exported({}, answer)
    expect(error).toMatchObject(facts)
    expect(paths).toHaveLength(times)
  })

  it('goes on when the door says in the middle that it must wait', async () => {
    const error = { code: 'THROTTLED', message: 'Later.', retryable: true, retryAfterMs: 3_000 }
    const stopped = `${lines(1, 2)}${JSON.stringify({ error, cursor: '@2' })}\n`
    const told = await exported({}, whole(stopped), whole(lines(3, 3) + end(1)))
    expect(told).toMatchObject({ ids: ids(3), error: undefined, paths: ['', '?after=%402'] })
    expect(told.clock.waited).toEqual([3_000])
  })

  it('fails when the door says in the middle that it may be read no more', async () => {
    const stopped = `${lines(1, 2)}${JSON.stringify({ error: { code: 'UNAUTHENTICATED', message: 'Ended.' } })}\n`
    expect(await exported({}, whole(stopped))).toMatchObject({ ids: ids(2), error: { code: 'UNAUTHENTICATED' } })
  })

  it('waits for its turn', async () => {
    const busy = json(coded('THROTTLED', { retryAfterMs: 4_000, retryable: true }), 429)
    const { ids: told, clock } = await exported({}, busy, whole(lines(1, 1) + end(1)))
    expect([told, clock.waited]).toEqual([['c-1'], [4_000]])
  })

  it('is asked for no more when its reader has enough', async () => {
    const door = await openFaultyDoor(cutAfterNever)
    doors.push(door)
    for await (const { id } of clientOf(door.url).client.exportInsight()) if (id === 'c-2') break
    await closed.promise
  })
})

const closed = Promise.withResolvers<void>()
const cutAfterNever: Answering = (response) => {
  response.on('close', () => closed.resolve())
  response.writeHead(200, ndjson).write(lines(1, 3))
}
