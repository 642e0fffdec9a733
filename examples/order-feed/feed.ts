// An order feed: sends a shop's orders as they are written to a file, and keeps what changes in the insight. May be killed at any moment.
import { createReadStream } from 'node:fs'
import { open, readFile, rename, stat, truncate } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createPartnerClient, type PartnerClient } from '@quimbi/partner-client/client.ts'
import { PartnerError } from '@quimbi/partner-client/errors.ts'

const help = `Sends orders from a file of JSON lines, and keeps what changes in the insight. Goes on where it stood, however it ended.

  QUIMBI_API_KEY=qk_live_… node feed.ts --orders FILE [options]      (scopes: ingest, insight:read)

  --url URL         of the partner door                          http://127.0.0.1:4000/partner/graphql
  --orders FILE     one {"customer":{…},"order":{…}} a line, appended to by the shop; - reads standard input
  --source NAME     the system that they come from               shop
  --batch N         orders a request, up to 1,000                500
  --state FILE      how far it came                              feed.state.json
  --refused FILE    orders that were refused, and why            feed.refused.jsonl
  --changes FILE    what changed in the insight                  feed.changes.jsonl
  --after CURSOR    for the first run: changes from then on; from now on unless given
  --no-listen       only sends orders
  --once            ends when all orders are sent, rather than wait for more
  --until N         ends when so many changes are kept
`
const options = {
  help: { type: 'boolean', default: false },
  url: { type: 'string', default: 'http://127.0.0.1:4000/partner/graphql' },
  orders: { type: 'string' },
  source: { type: 'string', default: 'shop' },
  batch: { type: 'string', default: '500' },
  state: { type: 'string', default: 'feed.state.json' },
  refused: { type: 'string', default: 'feed.refused.jsonl' },
  changes: { type: 'string', default: 'feed.changes.jsonl' },
  after: { type: 'string' },
  'no-listen': { type: 'boolean', default: false },
  once: { type: 'boolean', default: false },
  until: { type: 'string' },
} as const

type Values = ReturnType<typeof readArguments>
type Order = Parameters<PartnerClient['ingestOrders']>[0]['orders'] extends Iterable<infer T> | AsyncIterable<infer T>
  ? T
  : never
/** Bytes of the orders that were sent, and of the file of refusals that belongs to them. */
type State = { sent: number; refused: number }
type Line = { text: string; end: number }

const readArguments = () => parseArgs({ options }).values
const isMissing = (error: unknown) => (error as { code?: string }).code === 'ENOENT'
const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    (error: unknown) => (isMissing(error) ? 0 : Promise.reject(error)),
  )

/** Adds to a file, and waits until it is on the disk. */
async function append(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a')
  await handle
    .appendFile(text)
    .then(() => handle.sync())
    .finally(() => handle.close())
}

async function keep(file: string, state: State): Promise<void> {
  const handle = await open(`${file}.part`, 'w')
  await handle
    .writeFile(JSON.stringify(state))
    .then(() => handle.sync())
    .finally(() => handle.close())
  await rename(`${file}.part`, file)
}

const readState = (file: string): Promise<State> =>
  readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as State,
    (error: unknown) => (isMissing(error) ? { sent: 0, refused: 0 } : Promise.reject(error)),
  )

/** Whole lines from a place on, with the byte at which each ends. A line that is still being written waits. */
async function* linesOf(chunks: AsyncIterable<Buffer>, from: number): AsyncGenerator<Line, undefined> {
  let [rest, end]: [Buffer, number] = [Buffer.alloc(0), from]
  for await (const chunk of chunks) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      end += at + 1
      yield { text: rest.subarray(0, at).toString('utf8').trim(), end }
      rest = rest.subarray(at + 1)
    }
  }
  return undefined
}

const parsed = ({ text }: Line): Order | undefined => {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Order)
  } catch {
    return undefined
  }
}

/** Sends the lines, keeps what was refused, and only then that they were sent: what is sent again is known already. */
async function send(client: PartnerClient, lines: Line[], state: State, values: Values): Promise<State> {
  const orders = lines.flatMap((line) => parsed(line) ?? [])
  const unreadable = lines.filter((line) => line.text !== '' && parsed(line) === undefined)
  const { accepted, updated, duplicates, userErrors } = await client.ingestOrders({ source: values.source, orders })
  const refusals = [
    ...unreadable.map(({ text }) => ({ line: text, code: 'UNREADABLE' })),
    ...userErrors.map(({ path, ...why }) => ({ order: orders[Number(path?.[2])], path, ...why })),
  ]
  if (refusals.length > 0) await append(values.refused, refusals.map((one) => `${JSON.stringify(one)}\n`).join(''))
  const next = { sent: lines.at(-1)?.end ?? state.sent, refused: await sizeOf(values.refused) }
  if (values.orders !== '-') await keep(values.state, next)
  console.error(`sent: ${accepted} new, ${updated} changed, ${duplicates} known, ${refusals.length} refused`)
  return next
}

/** Sends what is there. The next batch is read when the one before is taken. */
async function sendAll(client: PartnerClient, from: State, values: Values, signal: AbortSignal): Promise<State> {
  const isFile = values.orders !== '-'
  if (isFile && (await sizeOf(values.orders ?? '')) <= from.sent) return from
  const chunks = isFile ? createReadStream(values.orders ?? '', { start: from.sent, signal }) : process.stdin
  let [state, batch]: [State, Line[]] = [from, []]
  for await (const line of linesOf(chunks, from.sent)) {
    batch.push(line)
    if (batch.length < Number(values.batch)) continue
    state = await send(client, batch, state, values)
    batch = []
  }
  return batch.length > 0 ? send(client, batch, state, values) : state
}

async function sendOrders(client: PartnerClient, values: Values, signal: AbortSignal): Promise<void> {
  let state = await readState(values.state)
  // Refusals of a batch of which it is not known that it was sent: they come again.
  if ((await sizeOf(values.refused)) > state.refused) await truncate(values.refused, state.refused)
  for (;;) {
    state = await sendAll(client, state, values, signal)
    if (values.once || values.orders === '-') return
    await sleep(500, undefined, { signal })
  }
}

/** The file of changes is its own checkpoint: its last whole line says where to go on. */
async function keepChanges(client: PartnerClient, values: Values, signal: AbortSignal): Promise<void> {
  const text = await readFile(values.changes, 'utf8').catch((error: unknown) =>
    isMissing(error) ? '' : Promise.reject(error),
  )
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) await truncate(values.changes, Buffer.byteLength(whole))
  const lines = whole.split('\n').slice(0, -1)
  const after = lines.length > 0 ? (JSON.parse(lines.at(-1) ?? '') as { cursor: string }).cursor : values.after
  let kept = lines.length
  const isEnough = () => values.until !== undefined && kept >= Number(values.until)
  if (isEnough()) return
  for await (const change of client.insightChanged({ after, signal })) {
    await append(values.changes, `${JSON.stringify(change)}\n`)
    kept += 1
    if (isEnough()) return
  }
}

async function main(): Promise<void> {
  const values = readArguments()
  if (values.help) return void process.stdout.write(help)
  const batch = Number(values.batch)
  if (values.orders === undefined) throw new Error('--orders is missing; see --help.')
  if (!Number.isInteger(batch) || batch < 1 || batch > 1_000) throw new Error('--batch is a number from 1 to 1,000.')
  const apiKey = process.env['QUIMBI_API_KEY']
  if (!apiKey) throw new Error('Set QUIMBI_API_KEY.')
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  const client = createPartnerClient({
    url: values.url,
    apiKey,
    signal: stop.signal,
    maxWaitMs: 3_600_000,
    maxAttempts: 500,
  })
  const tasks = [sendOrders(client, values, stop.signal)]
  if (!values['no-listen']) tasks.push(keepChanges(client, values, stop.signal))
  try {
    await Promise.all(tasks)
  } catch (error) {
    if (!stop.signal.aborted) throw error
  } finally {
    stop.abort()
  }
}

await main().catch((error: unknown) => {
  const code = error instanceof PartnerError ? `${error.code}: ` : ''
  console.error(`${code}${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
