import {
  startTelemetry,
  traced,
  tracedEvents,
  tracedRequest,
  type TelemetryOptions,
} from '@quimbi/service/telemetry.ts'
import { traceJobs } from '@quimbi/database/job-traces.ts'
import { defineJob, enqueue, prepareJobs, startWorker } from '@quimbi/database/jobs.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { createMemoryBus } from './bus.ts'
import { directSource } from './feed.ts'
import { createFollower } from './follower.ts'
import { publish, type NewEvent } from './outbox.ts'
import { createReceiver } from './receiver.ts'
import {
  databaseOver,
  numberOf,
  openTestDatabase,
  readAll,
  recordedLog,
  seen,
  sequence,
  tenantA,
  tenantB,
  testLinks,
} from './test-kit.ts'
import { inTrace, jobTraces, tracesOf } from './trace.ts'
import { verifyLog } from './verify.ts'

type Processor = NonNullable<TelemetryOptions['processor']>
type Ended = Parameters<Processor['onEnd']>[0]

/** Traces this process into a list. */
function remembering(ratio = 1): Ended[] {
  const ended: Ended[] = []
  const none = async () => {}
  const processor: Processor = {
    onStart() {},
    onEnd: (span) => void ended.push(span),
    forceFlush: none,
    shutdown: none,
  }
  const telemetry = startTelemetry({ service: 'test', ratio, processor })
  onTestFinished(() => telemetry?.stop())
  return ended
}

const traceId = (n: number) => String(n).padStart(32, 'a')
const traceOf = (span: Ended | undefined) => span?.spanContext().traceId
const requestIn = <T>(n: number, work: () => Promise<T>) =>
  tracedRequest('request', { traceparent: `00-${traceId(n)}-b7ad6b7169203331-01` }, work)

/** A sender's log, and what reads it here and elsewhere: each notes the events that it handles in a span of its own. */
async function aLog() {
  const [sender, own] = [await openTestDatabase('support'), await openTestDatabase('intelligence')]
  const shared = { bus: createMemoryBus(), log: recordedLog().log }
  const handled: { payload: unknown }[] = []
  const work = (events: readonly { payload: unknown }[]) =>
    traced('work', 'internal', async () => void handled.push(...events))
  const receiver = createReceiver({
    source: directSource(sender.system),
    ...{ ...shared, sourceName: 'support', database: own.database },
    handlers: { 'customer.seen': (_, events) => work(events) },
  })
  const follower = createFollower({
    ...{ ...shared, name: 'rules', logName: 'support', types: ['customer.seen'] },
    ...{ pool: sender.system, database: sender.database },
    handle: (_, events) => work(events),
  })
  onTestFinished(async () => void (await Promise.all([receiver.stop(), follower.stop()])))
  const send = (...events: NewEvent[]) => publish(sender.database, events)
  return { sender, handled, receiver, follower, send, sequence: () => sequence(sender.system) }
}

describe('the handling of events', () => {
  it.each(['receiver', 'follower'] as const)('by a %s goes on in the traces of whoever published them', async (who) => {
    const { send, handled, sequence, ...log } = await aLog()
    await send(seen(1))
    const ended = remembering()
    await requestIn(1, () => send(seen(2), seen(3)))
    await requestIn(2, () => send(seen(4)))
    await sequence()
    await log[who].drain()

    const name = who === 'receiver' ? 'apply customer.seen' : 'follow rules'
    const spans = ended.filter((span) => span.name === name)
    expect(spans.map(traceOf).sort()).toEqual([traceId(1), traceId(2)])
    for (const span of spans) {
      const request = ended.find((one) => one.name === 'request' && traceOf(one) === traceOf(span))
      expect(span.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    }
    // What they have in common is told once, in the first one's trace.
    const [work, ...others] = ended.filter((span) => span.name === 'work')
    expect([traceOf(work), others]).toEqual([traceId(1), []])
    expect(handled.map(numberOf)).toEqual([1, 2, 3, 4])
  })

  it('is in no trace of another tenant', async () => {
    const { send, sequence, follower } = await aLog()
    const ended = remembering()
    await requestIn(1, () => send(seen(1)))
    await requestIn(2, () => send(seen(2, tenantB)))
    await sequence()
    await follower.drain()
    const work = ended.filter(({ name }) => name === 'work')
    expect(work.map(traceOf).sort()).toEqual([traceId(1), traceId(2)])
  })

  it('goes on in what it publishes itself', async () => {
    const { sender, send, sequence } = await aLog()
    const { log } = recordedLog()
    const follower = createFollower({
      ...{ name: 'answers', logName: 'support', types: ['customer.seen'], bus: createMemoryBus(), log },
      ...{ pool: sender.system, database: sender.database },
      handle: (tx, [event]) => (numberOf(event!) === 1 ? publish(tx, [seen(2)]) : Promise.resolve()),
    })
    onTestFinished(() => follower.stop())
    remembering()
    await requestIn(1, () => send(seen(1)))
    await sequence()
    await follower.drain()
    await sequence()
    const traces = tracesOf(await readAll(directSource(sender.system))).map((trace) => trace.split('-')[1])
    expect(traces).toEqual([traceId(1), traceId(1)])
  })

  it('fails in the trace as well, and is tried again there', async () => {
    const { sender, send, sequence } = await aLog()
    let tries = 0
    const receiver = createReceiver({
      source: directSource(sender.system),
      ...{ sourceName: 'support', database: sender.database, bus: createMemoryBus(), log: recordedLog().log },
      handlers: {
        'customer.seen': () => ((tries += 1) === 1 ? Promise.reject(new Error('not now')) : Promise.resolve()),
      },
    })
    onTestFinished(() => receiver.stop())
    const ended = remembering()
    await requestIn(1, () => send(seen(1)))
    await sequence()
    await expect(receiver.drain()).rejects.toThrow('not now')
    await receiver.drain()
    const applied = ended.filter(({ name }) => name === 'apply customer.seen')
    expect(applied.map((span) => [traceOf(span), span.status.code])).toEqual([
      [traceId(1), 2],
      [traceId(1), 0],
    ])
  })
})

describe('a job', () => {
  it('runs in the trace of the event that asked for it, and in none where that was in none', async () => {
    const { url, app } = await openTestDatabase()
    await prepareJobs(url)
    traceJobs(jobTraces)
    onTestFinished(() => traceJobs(undefined))
    const ran: number[] = []
    const job = defineJob({
      name: 'count',
      schema: z.strictObject({ tenantId: z.uuid(), n: z.int() }),
      run: ({ n }) => traced('work', 'internal', async () => void ran.push(n)),
    })
    const ask = (n: number) =>
      withTenant(tenantA, async () =>
        databaseOver(app).$transaction((tx) => enqueue(tx, job, { tenantId: tenantA, n })),
      )
    const ended = remembering()
    await ask(1)
    const traceparent = `00-${traceId(2)}-b7ad6b7169203331-01`
    await tracedEvents('follow rules', [traceparent], () => ask(2))
    const { log } = recordedLog()
    const worker = await startWorker({ url, jobs: [job], concurrency: 1, log, pollMs: 50 })
    onTestFinished(() => worker.stop())
    await vi.waitFor(() => expect(ran.toSorted()).toEqual([1, 2]), { timeout: 15_000, interval: 10 })
    await vi.waitFor(() => expect(ended.map(({ name }) => name)).toContain('job count'))
    const [asked, worked] = ['follow rules', 'job count'].map((name) => ended.filter((span) => span.name === name))
    expect(worked?.map(traceOf)).toEqual([traceId(2)])
    expect(worked?.[0]?.parentSpanContext?.spanId).toBe(asked?.[0]?.spanContext().spanId)
    expect(ended.filter(({ name }) => name === 'work').map(traceOf)).toEqual([traceId(2)])
  })
})

describe('the trace of an event', () => {
  it('is in its payload, out of reach of who receives it, and the log holds', async () => {
    const { sender, send, sequence, receiver, handled } = await aLog()
    remembering()
    await requestIn(1, () => send(seen(1)))
    await sequence()
    const [event] = await readAll(directSource(sender.system))
    expect(event?.payload).toMatchObject({ traceparent: expect.stringContaining(traceId(1)) as string })
    await receiver.drain()
    expect(handled.map(({ payload }) => payload)).toEqual([seen(1).payload])
    const verify = () =>
      verifyLog(sender.system, { tenantId: tenantA, links: testLinks(), now: new Date('2026-11-22T00:00:00Z') })
    expect(await verify()).toBeNull()
    // Part of what was written, as all of it: nobody puts an event into another trace.
    await sender.system.query(`UPDATE event_log SET payload = payload - 'traceparent'`)
    expect(await verify()).toMatchObject({ kind: 'PAYLOAD' })
  })

  it('is not written where nothing is traced, or nobody keeps it', async () => {
    const payload = { n: 1 }
    expect(inTrace(payload)).toBe(payload)
    remembering(0)
    await requestIn(1, async () => expect(inTrace(payload)).toBe(payload))
  })

  it.each([null, 'null', 7, {}, { traceparent: 7 }, { traceparent: null }])('is none in %j', (payload) => {
    expect(tracesOf([{ payload }])).toEqual([])
  })

  it('that is none does not keep an event from being handled', async () => {
    const { sender, send, sequence, receiver, handled } = await aLog()
    const ended = remembering()
    await send(seen(1))
    await sender.system.query(`UPDATE outbox SET payload = payload || '{"traceparent": "00-nonsense"}'`)
    await sequence()
    await receiver.drain()
    expect(handled.map(numberOf)).toEqual([1])
    expect(ended.map(({ name }) => name)).not.toContain('request')
  })
})
