// A marketing campaign: picks audiences, has texts written for each, and says who gets which, when.
import { rename, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createPartnerClient, type PartnerClient } from '@quimbi/partner-client/client.ts'
import { PartnerError } from '@quimbi/partner-client/errors.ts'

const help = `Picks audiences for a campaign, has texts written for them and says who gets which text, and when.

  QUIMBI_API_KEY=qk_live_… node campaign.ts [options]      (scopes: insight:read, generate)

  --url URL          of the partner door         http://127.0.0.1:4000/partner/graphql
  --question TEXT    whom to write to, in words; the archetypes with most at risk unless given
  --audiences N      at most so many audiences   3
  --customers N      at most so many each        100
  --at-risk SHARE    churn risk from, 0 to 1     0.5
  --objective GOAL   RETAIN, WIN_BACK or UPSELL  WIN_BACK
  --variants N       texts for each audience     2
  --out FILE         .json or .csv               campaign.json
`
const options = {
  help: { type: 'boolean', default: false },
  url: { type: 'string', default: 'http://127.0.0.1:4000/partner/graphql' },
  question: { type: 'string' },
  audiences: { type: 'string', default: '3' },
  customers: { type: 'string', default: '100' },
  'at-risk': { type: 'string', default: '0.5' },
  objective: { type: 'string', default: 'WIN_BACK' },
  variants: { type: 'string', default: '2' },
  out: { type: 'string', default: 'campaign.json' },
} as const

type Plan = ReturnType<typeof planOf>
type Customer = { id: string; sourceRefs: { source: string; id: string }[] | null }
type Audience = { archetypeId: string; name: string; customers: Customer[] }
type Row = { audience: string; customerId: string; externalId: string; sendAt: string; channel: string; text: string }

function planOf(values: ReturnType<typeof readArguments>) {
  const objective = (['RETAIN', 'WIN_BACK', 'UPSELL'] as const).find((one) => one === values.objective)
  if (!objective) throw new Error('--objective is RETAIN, WIN_BACK or UPSELL.')
  const [audiences, customers, variants] = [values.audiences, values.customers, values.variants].map(Number)
  const atRisk = Number(values['at-risk'])
  for (const count of [audiences, customers, variants])
    if (!Number.isInteger(count) || Number(count) < 1) throw new Error('Counts are whole numbers from 1.')
  if (!(atRisk >= 0 && atRisk <= 1)) throw new Error('--at-risk is a number from 0 to 1.')
  const counts = { audiences: audiences ?? 1, customers: customers ?? 1, variants: variants ?? 1 }
  return { ...counts, objective, atRisk, question: values.question, out: values.out }
}

const readArguments = () => parseArgs({ options }).values

/** Those whom the question names, by archetype: texts are written for a kind of customer. */
async function audiencesAsked(client: PartnerClient, question: string, plan: Plan): Promise<Audience[]> {
  const answer = await client.askCustomers(question, { first: 100 })
  console.error(`Understood: ${answer.explanation}`)
  const byArchetype = new Map<string, Audience>()
  for (const { dna, ...customer } of answer.customers.nodes) {
    if (!dna) continue
    const { id: archetypeId, name } = dna.archetype
    const audience = byArchetype.get(archetypeId) ?? { archetypeId, name, customers: [] }
    if (audience.customers.length < plan.customers) audience.customers.push(customer)
    byArchetype.set(archetypeId, audience)
  }
  return [...byArchetype.values()].sort((a, b) => b.customers.length - a.customers.length).slice(0, plan.audiences)
}

/** The kinds of customer of whom most is at risk, and of each those with most at risk. */
async function audiencesAtRisk(client: PartnerClient, plan: Plan): Promise<Audience[]> {
  const archetypes = await client.archetypes({ level: 'STRENGTH', first: 100 })
  const atRisk = ({ memberCount, averageLtv, averageChurnRisk }: (typeof archetypes)[number]) =>
    memberCount * Number(averageLtv?.amount ?? 0) * (averageChurnRisk ?? 0)
  const audiences: Audience[] = []
  for (const { id, name } of archetypes.filter((one) => atRisk(one) > 0).sort((a, b) => atRisk(b) - atRisk(a))) {
    if (audiences.length >= plan.audiences) break
    const customers: Customer[] = []
    for await (const page of client.queryCustomers({ archetypeId: id, churnRiskAtLeast: plan.atRisk })) {
      customers.push(...page.nodes)
      if (customers.length >= plan.customers) break
    }
    if (customers.length > 0) audiences.push({ archetypeId: id, name, customers: customers.slice(0, plan.customers) })
  }
  return audiences
}

/** Who of an audience gets which text, at the hour at which this customer answers best. */
async function rowsOf(client: PartnerClient, { archetypeId, name, customers }: Audience, plan: Plan): Promise<Row[]> {
  const { objective, variants } = plan
  const texts = await client.generateCampaign({ archetypeId, objective, channel: 'EMAIL', variants })
  const messageType = objective === 'WIN_BACK' ? 'WIN_BACK' : 'PROMOTION'
  return Promise.all(
    customers.map(async ({ id: customerId, sourceRefs }, index) => {
      const { at: sendAt, channel } = await client.optimizeTiming({ customerId, messageType })
      const text = texts[index % texts.length]?.text ?? ''
      return { audience: name, customerId, externalId: sourceRefs?.[0]?.id ?? '', sendAt, channel, text }
    }),
  )
}

/** A field of CSV; a spreadsheet must take none for a formula. */
const field = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

function fileOf(rows: Row[], out: string): string {
  if (!out.endsWith('.csv')) return `${JSON.stringify(rows, null, 2)}\n`
  const names = ['audience', 'customerId', 'externalId', 'sendAt', 'channel', 'text'] as const
  return [names.join(','), ...rows.map((row) => names.map((name) => field(row[name])).join(','))].join('\r\n') + '\r\n'
}

async function main(): Promise<void> {
  const values = readArguments()
  if (values.help) return void process.stdout.write(help)
  const plan = planOf(values)
  const apiKey = process.env['QUIMBI_API_KEY']
  if (!apiKey) throw new Error('Set QUIMBI_API_KEY.')
  const client = createPartnerClient({ url: values.url, apiKey })
  const audiences = plan.question
    ? await audiencesAsked(client, plan.question, plan)
    : await audiencesAtRisk(client, plan)
  const rows: Row[] = []
  for (const audience of audiences) {
    rows.push(...(await rowsOf(client, audience, plan)))
    console.error(`${audience.name}: ${audience.customers.length} customers`)
  }
  rows.sort((a, b) => a.sendAt.localeCompare(b.sendAt))
  await writeFile(`${plan.out}.part`, fileOf(rows, plan.out))
  await rename(`${plan.out}.part`, plan.out)
  console.error(`${rows.length} messages in ${plan.out}`)
}

await main().catch((error: unknown) => {
  const code = error instanceof PartnerError ? `${error.code}: ` : ''
  console.error(`${code}${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
