import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { aCustomer, aTenant, ask, logIn, openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await world.supergraph.start()
})
afterAll(() => world.close())

const ticketQuery = `query ($id: ID!) { ticket(id: $id) { priority category customerSentiment estimatedDifficulty tags { name confidence }
  decisions { field to confidence evidence madeBy { kind name } }
  triage { intent { label } category { label } sentiment { score } difficulty urgency { label } tags { label } entities { kind text } language } } }`

type Decision = { field: string; to: string; confidence: number; evidence: string[]; madeBy: { kind: string } }
type Ticket = {
  priority: string
  category: string | null
  customerSentiment: number
  estimatedDifficulty: number
  tags: { name: string; confidence: number }[]
  decisions: Decision[]
  triage: { sentiment: { score: number }; difficulty: number } | null
}

it('a message that arrives is read by Intelligence, and its ticket gets what was read: the same that the graph says of it', async () => {
  const tenant = await aTenant(world, 'acme')
  const { id: customerId } = await aCustomer(world, tenant, 'c1')
  const token = await logIn(world, tenant)
  const receive = `mutation ($input: ReceiveMessageInput!) { receiveMessage(input: $input) { message { ticket { id } } userErrors { code } } }`
  const content = 'I want my money back for order #10442 asap! This is unacceptable, I am furious.'
  const said = await ask(
    world,
    receive,
    { input: { customerId, channel: 'EMAIL', subject: 'Refund', content, externalId: 'm1' } },
    token,
  )
  expect(said.errors).toBeUndefined()
  const { id } = (said.data as { receiveMessage: { message: { ticket: { id: string } } } }).receiveMessage.message
    .ticket

  const read = await vi.waitFor(async () => {
    const { data, errors } = await ask(world, ticketQuery, { id }, token)
    expect(errors).toBeUndefined()
    const { ticket } = data as { ticket: Ticket }
    expect(ticket.category).not.toBeNull()
    return ticket
  }, 30_000)
  expect(read).toMatchObject({
    ...{ category: 'refund', priority: 'URGENT', tags: [{ name: 'urgent', confidence: 0.9 }] },
    triage: {
      ...{ intent: { label: 'refund_request' }, category: { label: 'refund' }, urgency: { label: 'URGENT' } },
      ...{ tags: [{ label: 'urgent' }], entities: [{ kind: 'ORDER_NUMBER', text: '10442' }], language: 'en' },
    },
  })
  expect(read.customerSentiment).toBe(read.triage?.sentiment.score)
  expect(read.estimatedDifficulty).toBe(read.triage?.difficulty)
  const category = read.decisions.find(({ field }) => field === 'CATEGORY')
  expect(category).toMatchObject({ to: 'refund', madeBy: { kind: 'MODEL' } })
  // Words of the message itself are among it.
  expect((category?.evidence ?? []).filter((word) => content.includes(word))).not.toEqual([])
  const row = await world.support.system.ticket.findFirstOrThrow({ where: { id } })
  expect(row).toMatchObject({ intent: 'refund_request', orderNumbers: ['10442'] })
})

it('a page of tickets is read as it is shown', async () => {
  const tenant = await aTenant(world, 'page')
  const token = await logIn(world, tenant)
  const create = `mutation ($input: CreateTicketInput!) { createTicket(input: $input) { userErrors { code } } }`
  for (const name of ['a', 'b', 'c']) {
    const { id: customerId } = await aCustomer(world, tenant, name)
    const input = {
      customerId,
      subject: 'Where is it?',
      channel: 'CHAT',
      initialMessage: `Where is my order 1044${name}?`,
    }
    await ask(world, create, { input }, token)
  }
  const { data, errors } = await ask(world, '{ inbox(first: 10) { nodes { triage { intent { label } } } } }', {}, token)
  expect(errors).toBeUndefined()
  expect(data?.['inbox']).toEqual({
    nodes: Array.from({ length: 3 }, () => ({ triage: { intent: { label: 'shipping_status' } } })),
  })
})

it('what models are given of a conversation is no part of the graph', async () => {
  const tenant = await aTenant(world, 'hidden')
  const token = await logIn(world, tenant)
  const { data, errors } = await ask(world, '{ tickets { nodes { conversationContext { subject } } } }', {}, token)
  expect(data ?? null).toBeNull()
  expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED')
})
