import { traceHeaders } from '@quimbi/service/telemetry.ts'

/**
 * A key of an event's payload beside those of its type: the trace in which it was published. Nobody reads it but who handles the event: topics
 * drop it, and what is shown of a payload names its keys.
 */
const key = 'traceparent'

/** The flags' last bit: somebody keeps the trace. What nobody keeps is not written into a log that stays. */
const isKept = /-[\da-f][13579bdf]$/

/** A payload as it goes into the outbox: with the trace of the request that is handled, if there is one. */
export function inTrace<P extends object>(payload: P): P {
  const { traceparent } = traceHeaders()
  return traceparent !== undefined && isKept.test(traceparent) ? { ...payload, [key]: traceparent } : payload
}

/** The traces in which events were published, of those that were. */
export const tracesOf = (events: readonly { payload: unknown }[]): string[] =>
  events.flatMap(({ payload }) => {
    const trace = (payload as Record<string, unknown> | null)?.[key]
    return typeof trace === 'string' ? [trace] : []
  })
