import { createLiveClient } from '@quimbi/live/client.ts'
import type { SocketImpl } from '@quimbi/live/types.ts'
import { print, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql'
import { InsightChangedDocument, type InsightChangedSubscription } from '../generated/operations.ts'
import { errorOf, PartnerError } from './errors.ts'
import type { Link } from './link.ts'
import type { CallOptions } from './types.ts'

export type InsightChange = InsightChangedSubscription['insightChanged']
export type ChangesOptions = Pick<CallOptions, 'signal'> & {
  /** The cursor of the last change that was dealt with; only what comes from now on unless given. */
  after?: string | null | undefined
  customerIds?: string[] | undefined
  /** 0 to 1; 0.05 unless given. */
  minChange?: number | undefined
  /**
   * What came after `after` is known no more: load what you hold afresh, and return where to go on, null for now. Without it the stream ends
   * with RESYNC_REQUIRED.
   */
  onResync?: ((reason: string) => Promise<string | null> | string | null) | undefined
}

/** So many changes wait for a reader; a slower one is resumed where it stands. */
const mostWaiting = 1_000
const query = print(InsightChangedDocument)

/** Changes of insight, each once and in order, through lost connections and restarts of the door. Ends with an error that no waiting mends. */
export async function* insightChanges(
  link: Link,
  { after: from, customerIds, minChange, onResync, signal: own }: ChangesOptions,
): AsyncGenerator<InsightChange, undefined> {
  const { signal } = link.limits({ signal: own })
  const webSocketImpl = link.options.webSocketImpl ?? (globalThis.WebSocket as SocketImpl | undefined)
  if (!webSocketImpl) throw new PartnerError('INVALID_ARGUMENT', 'There is no WebSocket here: give webSocketImpl.')
  const waiting: InsightChange[] = []
  let after = from ?? null
  let [failure, wake, leave]: [unknown, () => void, (() => void) | undefined] = [undefined, () => {}, undefined]

  const fail = (error: unknown) => ((failure ??= error), wake())
  const abort = () => fail(signal?.reason)
  const resync = async (reason: string): Promise<string | null> => {
    if (reason === 'START') return after
    if (!onResync)
      fail(new PartnerError('RESYNC_REQUIRED', 'What came since that cursor is known no more.', { reason }))
    return onResync ? ((after = await onResync(reason)), after) : null
  }
  function next({ data, errors }: FormattedExecutionResult): void {
    const change = (data as InsightChangedSubscription | null | undefined)?.insightChanged
    if (!change) return fail(errorOf(errors ?? []))
    after = change.cursor
    if (waiting.push(change) >= mostWaiting) leave = (leave?.(), undefined)
    wake()
  }
  const live = createLiveClient({
    url: link.url.href,
    token: () => link.apiKey(),
    connectionParams: (key) => ({ 'x-api-key': key }),
    webSocketImpl,
    random: link.random,
    onStatus: ({ state }) =>
      state === 'signedOut' && fail(new PartnerError('UNAUTHENTICATED', 'The API key is unknown or has ended.')),
  })
  const variables = { ...(customerIds && { customerIds }), ...(minChange !== undefined && { minChange }) }
  const operation = { query, operationName: 'InsightChanged', variables }
  const error = (errors: readonly GraphQLFormattedError[]) => fail(errorOf(errors))
  const listen = () => live.subscribe({ ...operation, ...(after !== null && { after }) }, { next, resync, error })

  signal?.addEventListener('abort', abort, { once: true })
  try {
    signal?.throwIfAborted()
    for (;;) {
      for (let change = waiting.shift(); change; change = waiting.shift()) yield change
      if (failure !== undefined) throw failure
      leave ??= listen()
      await new Promise<void>((resolve) => void (wake = resolve))
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    live.close()
  }
}
