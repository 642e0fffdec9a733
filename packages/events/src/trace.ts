import type { JobTraces } from '@quimbi/database/job-traces.ts'
import { tracedEvents, traceHeaders } from '@quimbi/service/telemetry.ts'

/**
 * A key of an event's payload beside those of its type: the trace in which it was published. Nobody reads it but who handles the event: topics
 * drop it, and what is shown of a payload names its keys.
 */
const key = 'traceparent'

/** The flags' last bit: somebody keeps the trace. What nobody keeps is not written into a log that stays. */
const isKept = /-[\da-f][13579bdf]$/

/** A payload as it goes into the outbox: with the trace of the request that is handled, if there is one. */
export function inTrace<P extends object>(payload: P): P {
  const traceparent = keptTrace()
  return traceparent === undefined ? payload : { ...payload, [key]: traceparent }
}

function keptTrace(): string | undefined {
  const { traceparent } = traceHeaders()
  return traceparent !== undefined && isKept.test(traceparent) ? traceparent : undefined
}

/** A job goes on in the trace of the request, or of the event's handling, that asked for it. */
export const jobTraces: JobTraces = {
  current: keptTrace,
  follow: (job, traceparent, work) => tracedEvents(`job ${job}`, [traceparent], work),
}

/** The traces in which events were published, of those that were. */
export const tracesOf = (events: readonly { payload: unknown }[]): string[] =>
  events.flatMap(({ payload }) => {
    const trace = (payload as Record<string, unknown> | null)?.[key]
    return typeof trace === 'string' ? [trace] : []
  })
