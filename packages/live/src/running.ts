import type { GraphQLClient, LiveError, LiveOperation, LiveResult, LiveSink } from './types.ts'

/** A subscription over the connections that carry it, one after the other. */
export type Running = {
  begin(client: GraphQLClient): void
  /** The connection is gone, or the subscription is over: nothing more is told until `begin`. */
  pause(): void
}

type RunningOptions = {
  operation: LiveOperation
  sink: LiveSink
  /** How long to wait after so many failures in a row. */
  waitMs(failures: number): number
  onEnded(): void
  onSignedOut(reason: string): void
}

/** So many cursors are remembered, to tell nothing twice whatever the way it came. */
const remembered = 1_000
const refusals = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'NOT_FOUND',
])

const rootCursor = ({ data }: LiveResult) => (Object.values(data ?? {})[0] as { cursor?: string } | null)?.cursor

export function createRunning({ operation, sink, waitMs, onEnded, onSignedOut }: RunningOptions): Running {
  const { query, operationName, cursorOf = rootCursor } = operation
  const seen = new Set<string>()
  let after = operation.after ?? null
  let resyncFor = cursorOf && after === null ? 'START' : null
  let resyncing: Promise<void> | undefined
  let failures = 0
  // Of each turn on a connection; what an earlier one still tells is not heard.
  let turns = 0
  let hasBegun = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let leave = () => {}

  function pause(): void {
    turns += 1
    clearTimeout(timer)
    leave()
    leave = () => {}
  }

  /** Asked once, however often the connection changes meanwhile. */
  function resync(reason: string): Promise<void> {
    resyncing ??= (async () => {
      after = await sink.resync(reason)
      seen.clear()
      resyncFor = null
    })().finally(() => (resyncing = undefined))
    return resyncing
  }

  async function begin(client: GraphQLClient): Promise<void> {
    pause()
    const turn = turns
    try {
      if (resyncFor !== null) await resync(resyncFor)
    } catch {
      if (turn === turns) again(client)
      return
    }
    if (turn !== turns) return
    const isMine =
      <A extends unknown[]>(run: (...args: A) => void) =>
      (...args: A) =>
        void (turn === turns && run(...args))
    hasBegun = true
    const variables = { ...operation.variables, ...(after !== null && { after }) }
    leave = client.subscribe<Record<string, unknown>>(
      { query, variables, ...(operationName !== undefined && { operationName }) },
      {
        next: isMine((result) => take(result as LiveResult)),
        // Whatever is no list of errors is the connection's end, which the connection tells itself.
        error: isMine((errors) => void (Array.isArray(errors) && fail(client, errors as LiveError[]))),
        complete: isMine(() => again(client)),
      },
    )
  }

  function take(result: LiveResult): void {
    failures = 0
    const cursor = cursorOf?.(result)
    if (cursor) {
      if (seen.has(cursor)) return
      seen.add(cursor)
      if (seen.size > remembered) seen.delete(seen.values().next().value as string)
      after = cursor
    }
    try {
      sink.next(result)
    } catch (error) {
      // A fault of the application's own: it is to hear of it, and the stream goes on.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  function fail(client: GraphQLClient, errors: readonly LiveError[]): void {
    const { code, reason, retryable, retryAfterMs } = errors[0]?.extensions ?? {}
    if (code === 'UNAUTHENTICATED') return onSignedOut(String(reason))
    if (refusals.has(String(code))) {
      onEnded()
      return sink.error?.(errors)
    }
    if (code === 'RESYNC_REQUIRED' && retryable !== true) resyncFor = String(reason ?? 'TOO_OLD')
    again(client, Number(retryAfterMs ?? 0))
  }

  function again(client: GraphQLClient, atLeastMs = 0): void {
    pause()
    breakOff()
    timer = setTimeout(() => void begin(client), Math.max(atLeastMs, waitMs(failures)))
    failures += 1
  }

  /** What has no positions cannot be continued. */
  function breakOff(): void {
    if (!cursorOf && hasBegun) resyncFor = 'BREAK'
  }

  return {
    begin: (client) => void begin(client),
    pause() {
      breakOff()
      pause()
    },
  }
}
