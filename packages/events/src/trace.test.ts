import { startTelemetry, traced, tracedRequest, type TelemetryOptions } from '@quimbi/service/telemetry.ts'
import { expect, it, onTestFinished } from 'vitest'
import { createMemoryBus } from './bus.ts'
import { directSource } from './feed.ts'
import { publish, type NewEvent } from './outbox.ts'
import { createReceiver } from './receiver.ts'
import { createSequencer } from './sequencer.ts'
import { openTestDatabase, recordedLog, seen } from './test-kit.ts'

type Processor = NonNullable<TelemetryOptions['processor']>
type Ended = Parameters<Processor['onEnd']>[0]

/** Traces this process into a list. */
function remembering(): Ended[] {
  const ended: Ended[] = []
  const none = async () => {}
  const processor: Processor = {
    onStart() {},
    onEnd: (span) => void ended.push(span),
    forceFlush: none,
    shutdown: none,
  }
  const telemetry = startTelemetry({ service: 'test', processor })
  onTestFinished(() => telemetry?.stop())
  return ended
}

const traceOf = (n: number) => String(n).padStart(32, 'a')
const inTrace = (n: number, work: () => Promise<void>) =>
  tracedRequest('request', { traceparent: `00-${traceOf(n)}-b7ad6b7169203331-01` }, work)

it('goes on where an event is applied, in the trace of whoever published it', async () => {
  const [sender, own] = [await openTestDatabase('support'), await openTestDatabase('intelligence')]
  const { log } = recordedLog()
  const bus = createMemoryBus()
  const sequencer = createSequencer({ pool: sender.system, bus, log, name: 'support' })
  const payloads: unknown[] = []
  const receiver = createReceiver({
    source: directSource(sender.system),
    ...{ sourceName: 'support', database: own.database, bus, log },
    handlers: {
      'customer.seen': (_, events) =>
        traced('work', 'internal', async () => void payloads.push(...events.map(({ payload }) => payload))),
    },
  })
  onTestFinished(() => receiver.stop())
  const send = (event: NewEvent) => publish(sender.database, [event])

  await send(seen(1))
  const ended = remembering()
  await inTrace(1, () => send(seen(2)))
  await inTrace(2, () => send(seen(3)))
  await sequencer.drain()
  await receiver.drain()

  const applied = ended.filter(({ name }) => name === 'apply customer.seen')
  expect(applied.map((span) => span.spanContext().traceId).sort()).toEqual([traceOf(1), traceOf(2)])
  const requests = new Set(ended.filter(({ name }) => name === 'request').map((span) => span.spanContext().spanId))
  for (const span of applied) expect(requests).toContain(span.parentSpanContext?.spanId)
  const work = ended.find(({ name }) => name === 'work')
  expect(applied.map((span) => span.spanContext().spanId)).toContain(work?.parentSpanContext?.spanId)
  // What carries it is nothing that a handler sees.
  expect(payloads).toHaveLength(3)
  for (const payload of payloads) expect(payload).not.toHaveProperty('traceparent')
})
