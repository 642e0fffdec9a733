import { OperationTypeNode, parse, validate } from 'graphql'
import { openLive } from '@quimbi/service/websocket-test-kit.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scopes as allScopes, type Scope } from '../src/keys/service.ts'
import { examples } from '../src/partner/page/examples/all.ts'
import { withIds, type Example, type SampleIds } from '../src/partner/page/examples/example.ts'
import { operationsOf } from '../src/partner/page/operations.ts'
import { openPageWorld, type PageWorld } from './partner-page-kit.ts'

let world: PageWorld
let archetype: string
beforeAll(async () => {
  world = await openPageWorld()
  const { data } = await run({ document: '{ archetypes(level: EMERGING, first: 1) { id } }' }, ['insight:read'])
  archetype = (data?.['archetypes'] as { id: string }[])[0]?.id ?? ''
}, 120_000)
afterAll(() => world.close())

type Answer = Awaited<ReturnType<typeof run>>

async function run({ document, variables = {} }: Pick<Example, 'document' | 'variables'>, scopes: readonly Scope[]) {
  const apiKey = await keyOf(scopes)
  const {
    data,
    errors = [],
    extensions,
  } = await world.module.partner.execute({ query: document, variables }, { requestId: 'test', caller: null, apiKey })
  const cost = extensions?.['cost'] as { requestedQueryCost: number } | undefined
  return { data, cost: cost?.requestedQueryCost, codes: [...errors.map(codeOf), ...refusalsIn(data)] }
}

/** One key for each choice of scopes: what a key made, only that key may remove. */
const keys = new Map<string, Promise<string>>()
function keyOf(scopes: readonly Scope[]): Promise<string> {
  const key = keys.get(scopes.join()) ?? world.key(...scopes)
  keys.set(scopes.join(), key)
  return key
}

const codeOf = ({ message, extensions }: { message: string; extensions?: Record<string, unknown> | undefined }) =>
  `${String(extensions?.['code'])}: ${message}`

/** Codes of the `userErrors` in an answer, at any depth. */
function refusalsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { userErrors = [] } = value as { userErrors?: { code: string; message: string }[] }
  const own = userErrors.map(({ code, message }) => `${code}: ${message}`)
  return [...own, ...Object.values(value).flatMap(refusalsIn)]
}

/** Ids of an example's own customers: what one does to them, no other meets. */
function idsFor(name: string): SampleIds {
  const nth = 2 * (Object.keys(examples).indexOf(name) % 17)
  return { customer: world.customerId(nth), otherCustomer: world.customerId(nth + 1), archetype, webhook: 'none' }
}

const named = Object.entries(examples).filter(([, { document }]) => !document.startsWith('subscription'))

describe('every example of the documentation', { timeout: 120_000 }, () => {
  it('belongs to an operation, and fits the schema', () => {
    const { schema } = world.module.partner
    const operations = operationsOf(schema).map(({ name }) => name)
    for (const [name, { document }] of Object.entries(examples)) {
      expect(operations).toContain(name)
      expect([name, validate(schema, parse(document))]).toEqual([name, []])
    }
  })

  it.each(named)('runs with the scopes that it names, at the cost that it states: %s', async (name, example) => {
    const ids = { ...idsFor(name), webhook: await webhookFor(name) }
    const given = { ...example, variables: withIds(example.variables, ids) }
    const answer: Answer = await run(given, example.scopes.length > 0 ? example.scopes : ['ingest'])
    expect(answer.codes).toEqual([])
    expect(answer.data?.[name]).toBeTruthy()
    const stated = operationsOf(world.module.partner.schema).find((operation) => operation.name === name)
    expect(answer.cost).toBe(stated?.cost)
  })

  const needs = named.flatMap(([name, example]) => example.scopes.map((scope) => [name, scope, example] as const))
  it.each(needs)('%s needs "%s"', async (name, scope, example) => {
    const given = { ...example, variables: withIds(example.variables, idsFor(name)) }
    const { codes } = await run(
      given,
      allScopes.filter((one) => one !== scope),
    )
    expect(codes).toEqual([expect.stringMatching(/^FORBIDDEN: /)])
  })

  it('subscribes', async () => {
    const { insightChanged } = examples
    const document = insightChanged?.document ?? ''
    expect(parse(document).definitions[0]).toMatchObject({ operation: OperationTypeNode.SUBSCRIPTION })
    const client = openLive(`${world.url}/partner/graphql`, { apiKey: await world.key('insight:read') })
    const changes = client.subscribe(document, { ...insightChanged?.variables })
    const first = changes.next()
    await client.connected
    await world.module.settle()
    await changes.return?.()
    await client.dispose()
    expect((await first).value?.errors).toBeUndefined()
  })
})

/** A webhook to delete. */
async function webhookFor(name: string): Promise<string> {
  const save = examples['saveInsightWebhook']
  if (name !== 'deleteInsightWebhook' || !save) return 'none'
  const { data } = await run(save, save.scopes)
  return (data?.['saveInsightWebhook'] as { webhook: { id: string } }).webhook.id
}
