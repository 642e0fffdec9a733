import { GraphQLError } from 'graphql'
import type { Clock } from '@quimbi/service/clock.ts'
import type { Db } from '../database.ts'
import { lineOf } from './line.ts'
import { createPages } from './page.ts'
import { cursorAfter, type Asked } from './request.ts'

const pageSize = 500

export type ExportMeans = {
  db: Db
  tenantId: string
  clock: Clock
  /** Before each page is read: throws once the caller may read no more. */
  check(): Promise<void>
  /** For customers about to be sent; waits, or throws THROTTLED. */
  pay(customers: number): Promise<void>
  /** Hears what was no refusal. */
  onFailure(error: unknown): void
}

/** How far it came; filled in as it goes. */
export type Progress = { customers: number; outcome: 'ok' | 'refused' | 'failed' | 'cut' }

/**
 * All insight as JSON lines, a page a time, as far as the reader asks: nothing is read ahead or held between pages. Each page is of its own
 * instant. The last line is `end`, or says why it ends before; a text without either was cut. Rejects only where nothing was sent yet.
 */
export async function* exportInsight(
  { db, tenantId, clock, check, pay, onFailure }: ExportMeans,
  asked: Asked,
  progress: Progress,
): AsyncGenerator<string, undefined> {
  const page = createPages(db, clock.now)
  let { after } = asked
  const cursor = () => after && cursorAfter(tenantId, after)
  try {
    for (let hasMore = true; hasMore && progress.customers < asked.limit;) {
      await check()
      const size = Math.min(pageSize, asked.limit - progress.customers)
      const next = await page({ tenantId, after, updatedSince: asked.updatedSince }, size)
      hasMore = next.hasMore
      await pay(next.customers.length)
      after = next.customers.at(-1)?.[0].customerId ?? after
      const lines = next.customers.map(
        ([row, around]) => `${JSON.stringify(lineOf(row, around, cursorAfter(tenantId, row.customerId)))}\n`,
      )
      progress.customers += lines.length
      const isLast = !hasMore || progress.customers >= asked.limit
      if (isLast) progress.outcome = 'ok'
      const end = { end: true, cursor: cursor(), customers: progress.customers, more: hasMore }
      yield lines.join('') + (isLast ? `${JSON.stringify(end)}\n` : '')
    }
  } catch (error) {
    progress.outcome = error instanceof GraphQLError ? 'refused' : 'failed'
    if (progress.customers === 0) throw error
    if (progress.outcome === 'failed') onFailure(error)
    yield `${JSON.stringify({ error: told(error), cursor: cursor() })}\n`
  }
  return undefined
}

function told(error: unknown) {
  if (!(error instanceof GraphQLError))
    return { code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong here.', retryable: true }
  const { code, retryable = false, retryAfterMs } = error.extensions
  return { code, message: error.message, retryable, retryAfterMs }
}
