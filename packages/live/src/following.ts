import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import type { Client } from 'graphql-ws/client'
import type { LiveOperation, LiveSink } from './types.ts'

/** Tells that the login of a connection has ended. */
export type SignOut = (reason: string) => undefined
type Way = {
  /** Waits until something may be sent; undefined where that has passed already. */
  open(): Promise<SignOut | undefined>
  subscribe: Client['subscribe']
  /** How long to wait after so many failures in a row. */
  waitMs(failures: number): number
  onRefused(): void
}

/** So many cursors are remembered, to tell nothing twice whatever the way it came. */
const remembered = 1_000
const refusals = /^(GRAPHQL_.*_FAILED|OPERATION_RESOLUTION_FAILURE|BAD_REQUEST|BAD_USER_INPUT|FORBIDDEN|NOT_FOUND)$/
const rootCursor = ({ data }: FormattedExecutionResult) =>
  (Object.values(data ?? {})[0] as { cursor?: string } | null)?.cursor

/** Follows a subscription over the connections that carry it, one after the other. */
export function follow({ cursorOf = rootCursor, after: from, ...asked }: LiveOperation, sink: LiveSink, way: Way) {
  const seen = new Set<string>()
  let after: string | null = from ?? null
  let resyncFor = cursorOf && after === null ? 'START' : null
  let [failures, isOver, stop] = [0, false, () => {}]

  // A fault of the application's own becomes an unhandled rejection, and the stream goes on.
  const tell = async (how: () => void) => how()

  function take(result: FormattedExecutionResult): void {
    failures = 0
    const cursor = cursorOf?.(result)
    if (isOver || (cursor && seen.has(cursor))) return
    if (cursor) seen.add((after = cursor))
    if (seen.size > remembered) seen.delete(seen.values().next().value as string)
    void tell(() => sink.next(result))
  }

  /** Returns how many milliseconds to wait at least before the next; undefined: as long as the connection is away. */
  async function turn(): Promise<number | undefined> {
    const signOut = await way.open()
    if (isOver || !signOut) return undefined
    if (resyncFor !== null) {
      after = await sink.resync(resyncFor)
      seen.clear()
      return void (resyncFor = null)
    }
    // The errors that ended it; anything else is whatever became of the connection.
    const errors = await new Promise<unknown>((resolve) => {
      const payload = { ...asked, variables: { ...asked.variables, ...(after !== null && { after }) } }
      const leave = way.subscribe(payload, { next: take, error: resolve, complete: () => resolve([]) })
      stop = () => (leave(), resolve(null))
    })
    // What has no positions cannot be continued.
    if (!cursorOf) resyncFor = 'BREAK'
    if (isOver || !Array.isArray(errors)) return undefined
    const { code, reason, retryable, retryAfterMs = 0 } = (errors as GraphQLFormattedError[])[0]?.extensions ?? {}
    if (code === 'UNAUTHENTICATED') return signOut(String(reason))
    if (refusals.test(String(code))) {
      way.onRefused()
      return void tell(() => sink.error?.(errors))
    }
    if (code === 'RESYNC_REQUIRED' && retryable !== true) resyncFor = String(reason ?? 'TOO_OLD')
    return Number(retryAfterMs)
  }

  async function run(): Promise<void> {
    while (!isOver) {
      const ms = await turn().catch(() => 0)
      if (ms === undefined || isOver) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(ms, way.waitMs(failures++)))
        stop = () => (clearTimeout(timer), resolve())
      })
    }
  }
  void run()
  return { again: () => stop(), leave: () => ((isOver = true), stop()) }
}
