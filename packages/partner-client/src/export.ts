import { paced, pause } from './call.ts'
import type { InsightStatus, LifecycleStage, RiskLevel } from '../generated/operations.ts'
import { errorOf, PartnerError } from './errors.ts'
import { answerOf, answerError, networkError, send } from './http.ts'
import type { Link } from './link.ts'
import type { CallOptions } from './types.ts'
import { within } from './within.ts'

type Money = { amount: string; currencyCode: string }

/** A customer as it is exported, in the names of the graph; null where nothing is known. */
export type ExportedInsight = {
  id: string
  externalRefs: { source: string; id: string }[]
  status: InsightStatus
  computedAt: string | null
  archetype: { id: string; name: string } | null
  churnRisk: { score: number; level: RiskLevel; horizonDays: number; revenueAtRisk: Money | null } | null
  ltvForecast: { amount: Money | null; months: number } | null
  engagement: { score: number; trend: number } | null
  lifecycle: LifecycleStage | null
  behavior: Record<string, unknown> | null
  /** The place after this customer. */
  cursor: string
}
export type ExportOptions = CallOptions & {
  /** The cursor of the last customer that was dealt with. */
  after?: string | undefined
  /** Only customers whose insight was computed since; RFC 3339. */
  updatedSince?: string | undefined
  limit?: number | undefined
}
/** A customer, the end, or why it ends before. */
type Line = Partial<ExportedInsight> & { end?: unknown; customers?: unknown; error?: { message?: string } }

const cut = (message: string) => new PartnerError('STREAM_CUT', message, { retryable: true })
const notExport = (message: string) => new PartnerError('UNEXPECTED_RESPONSE', message)
const cost = 'export'

/**
 * All insight, customer by customer, read no faster than it is used. Resumed after the last customer when it is cut; the end is believed only
 * where the door says that it is.
 */
export async function* exportInsight(link: Link, given: ExportOptions): AsyncGenerator<ExportedInsight, undefined> {
  let { after, limit } = given
  for (let attempt = 1; ; attempt += 1) {
    // Its time begins anew with whatever comes.
    const limits = link.limits(given)
    try {
      for await (const customer of part(link, { ...given, after, limit }, limits)) {
        ;[attempt, after] = [0, customer.cursor]
        if (limit !== undefined) limit -= 1
        yield customer
      }
      return undefined
    } catch (error) {
      if (!(error instanceof PartnerError) || !error.retryable || attempt >= link.maxAttempts) throw error
      if (limit === 0) return undefined
      await pause(link, error, attempt + 1, link.limits(given))
    }
  }
}

/** What comes by one request. STREAM_CUT where it does not end as it should. */
async function* part(link: Link, asked: ExportOptions, limits: ReturnType<Link['limits']>) {
  await paced(link, cost, 1, limits)
  const over = link.pace.send(cost)
  const stop = new AbortController()
  const signal = limits.signal ? AbortSignal.any([limits.signal, stop.signal]) : stop.signal
  try {
    const accept = 'application/x-ndjson'
    const opened = () => send(link, { url: addressOf(link, asked), method: 'GET', accept, signal })
    const response = await within(link.clock, link.timeoutMs, signal, opened).finally(() => over({}))
    if (response.status !== 200) {
      const answer = await within(link.clock, link.timeoutMs, signal, () => answerOf(link, response))
      throw answerError(link, response, answer) ?? notExport(`The door answers ${response.status}.`)
    }
    if (!response.headers.get('content-type')?.startsWith(accept)) throw notExport('The door answers no JSON lines.')
    yield* customersOf(linesOf(link, response, signal))
  } finally {
    stop.abort()
  }
}

function addressOf({ url }: Link, { after, updatedSince, limit }: ExportOptions): URL {
  const address = new URL('export/insight', url)
  const asked = { after, updatedSince, limit: limit?.toString() }
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) address.searchParams.set(name, value)
  return address
}

async function* customersOf(lines: AsyncIterable<string>): AsyncGenerator<ExportedInsight, undefined> {
  let customers = 0
  for await (const text of lines) {
    const line = parse(text)
    if (line.end === true) {
      if (line.customers !== customers) throw cut(`${customers} customers came of ${String(line.customers)}.`)
      return undefined
    }
    if (line.error) throw errorOf([{ message: line.error.message ?? '', extensions: line.error }])
    if (typeof line.id !== 'string' || typeof line.cursor !== 'string') throw notExport('A line is no customer.')
    customers += 1
    yield line as ExportedInsight
  }
  throw cut('The export broke off.')
}

function parse(text: string): Line {
  try {
    const line: unknown = JSON.parse(text)
    if (typeof line === 'object' && line !== null) return line as Line
    throw new TypeError('no object')
  } catch {
    throw notExport('A line is no JSON.')
  }
}

/** Whole lines; what stands after the last line's end was cut. */
async function* linesOf(link: Link, response: Response, signal: AbortSignal): AsyncGenerator<string, undefined> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const read = () => (reader ? reader.read() : Promise.resolve({ done: true as const, value: undefined }))
    const { done, value } = await within(link.clock, link.timeoutMs, signal, read).catch((error: unknown) => {
      signal.throwIfAborted()
      throw error instanceof PartnerError ? error : networkError(error)
    })
    if (done) return undefined
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield line
  }
}
