// A sales score: whom to call first today, why, and with what to offer.
import { parseArgs } from 'node:util'
import { createPartnerClient, type PartnerClient } from '@quimbi/partner-client/client.ts'
import { PartnerError } from '@quimbi/partner-client/errors.ts'

const help = `Whom to call first, why, and with what to offer.

  QUIMBI_API_KEY=qk_live_… node call-list.ts [options]      (scope: insight:read)

  --url URL         of the partner door               http://127.0.0.1:4000/partner/graphql
  --context NAME    RETENTION, UPSELL or WIN_BACK     RETENTION
  --candidates N    so many of most at risk are scored  500
  --calls N         so many are to be called            20
  --json            as JSON lines
`
const options = {
  help: { type: 'boolean', default: false },
  url: { type: 'string', default: 'http://127.0.0.1:4000/partner/graphql' },
  context: { type: 'string', default: 'RETENTION' },
  candidates: { type: 'string', default: '500' },
  calls: { type: 'string', default: '20' },
  json: { type: 'boolean', default: false },
} as const

const goals = { RETENTION: 'RETAIN', UPSELL: 'UPSELL', WIN_BACK: 'WIN_BACK' } as const
type Context = keyof typeof goals
type Call = { rank: number; customer: string; score: number; risk: number; value: string; offer: string; why: string }

/** The customers with most at risk. */
async function candidatesOf(client: PartnerClient, most: number): Promise<string[]> {
  const ids: string[] = []
  for await (const { nodes } of client.queryCustomers({ orderBy: 'REVENUE_AT_RISK' })) {
    ids.push(...nodes.map(({ id }) => id))
    if (ids.length >= most) break
  }
  return ids.slice(0, most)
}

async function callOf(client: PartnerClient, id: string, score: number, rank: number, context: Context): Promise<Call> {
  const [insight, offer] = await Promise.all([
    client.customerInsight(id),
    client.personalizeOffer({ customerId: id, goal: goals[context] }),
  ])
  const { churnRisk, ltvForecast } = insight ?? {}
  // What raises the risk most is what to talk about.
  const why = churnRisk?.factors.filter(({ contribution }) => contribution > 0)[0]?.explanation ?? ''
  return {
    rank,
    customer: insight?.sourceRefs?.[0]?.id ?? id,
    score,
    risk: churnRisk?.score ?? 0,
    value: ltvForecast ? `${Number(ltvForecast.amount.amount).toFixed(0)} ${ltvForecast.amount.currencyCode}` : '',
    offer: [offer.kind, offer.percent && `${offer.percent} %`].filter(Boolean).join(' '),
    why,
  }
}

const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text)

function table(calls: readonly Call[]): string {
  const heads = ['#', 'Customer', 'Score', 'Risk', 'Year', 'Offer', 'Why']
  const rows = calls.map(({ rank, customer, score, risk, value, offer, why }) => [
    String(rank),
    cut(customer, 36),
    score.toFixed(1),
    `${Math.round(risk * 100)} %`,
    value,
    cut(offer, 28),
    cut(why, 70),
  ])
  const widths = heads.map((head, column) => Math.max(...[heads, ...rows].map((row) => (row[column] ?? head).length)))
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(heads), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options })
  if (values.help) return void process.stdout.write(help)
  const [candidates = 0, most = 0] = [values.candidates, values.calls].map(Number)
  if (!(values.context in goals)) throw new Error('--context is RETENTION, UPSELL or WIN_BACK.')
  if (!(candidates >= 1 && most >= 1)) throw new Error('--candidates and --calls are numbers from 1.')
  const apiKey = process.env['QUIMBI_API_KEY']
  if (!apiKey) throw new Error('Set QUIMBI_API_KEY.')
  const client = createPartnerClient({ url: values.url, apiKey })
  const context = values.context as Context
  const scores = await client.scoreCustomers(await candidatesOf(client, candidates), context)
  const first = scores.slice(0, most)
  const calls = await Promise.all(
    first.map(({ customerId, score }, index) => callOf(client, customerId, score, index + 1, context)),
  )
  if (values.json) for (const call of calls) process.stdout.write(`${JSON.stringify(call)}\n`)
  else process.stdout.write(calls.length > 0 ? `${table(calls)}\n` : 'There is nobody to call.\n')
}

await main().catch((error: unknown) => {
  const code = error instanceof PartnerError ? `${error.code}: ` : ''
  console.error(`${code}${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
