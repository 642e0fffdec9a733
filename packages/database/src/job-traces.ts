/** How the trace in which a job was enqueued goes on where it runs: later, and in another process. */
export type JobTraces = {
  /** The `traceparent` that goes with what is enqueued now; undefined where nobody keeps the trace. */
  current(): string | undefined
  /** Runs a job in the trace that went with it. */
  follow(job: string, traceparent: string, work: () => Promise<void>): Promise<void>
}

/** Beside what the job's schema knows, which never sees it. */
const key = '_traceparent'

let traces: JobTraces | undefined

/** Jobs are traced like this in this process from now on; whoever composes it says so, since this package knows no telemetry. */
export function traceJobs(by: JobTraces | undefined): void {
  traces = by
}

/** What is kept of a payload: with the current trace, if there is one. */
export function withTrace<P extends object>(payload: P): P {
  const traceparent = traces?.current()
  return traceparent === undefined ? payload : { ...payload, [key]: traceparent }
}

/** A payload as it was before `withTrace`, and what runs its job in that trace. */
export function takeTrace(job: string, { [key]: traceparent, ...payload }: Readonly<Record<string, unknown>>) {
  const known = traces
  const inTrace = (work: () => Promise<void>): Promise<void> =>
    known && typeof traceparent === 'string' ? known.follow(job, traceparent, work) : work()
  return { payload, inTrace }
}
