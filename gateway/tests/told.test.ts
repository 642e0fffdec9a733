import { afterAll, beforeAll, expect, it } from 'vitest'
import { aCustomer, aTenant, aTicket, anOrder, ask, ingest, logIn, openWorld, type World } from './kit.ts'

let world: World
beforeAll(async () => void (world = await openWorld()))
afterAll(() => world.close())

/** What Intelligence keeps of the tenant's contacts. */
const kept = (tenantId: string) =>
  world.intelligence.system.interaction.findMany({
    where: { tenantId },
    orderBy: [{ kind: 'asc' }, { at: 'asc' }],
    select: { customerId: true, kind: true, channel: true, resolvedHours: true },
  })

it('what happens at Support reaches Intelligence, follows the customer, and goes with them', async () => {
  const tenant = await aTenant(world, 'acme')
  const tenantId = tenant.tenant.id
  const [one, two] = [await aCustomer(world, tenant, 'c1'), await aCustomer(world, tenant, 'c2')]
  await ingest(world, tenant, [anOrder('o1', 'c1', '10')])
  const ticket = await aTicket(world, tenant, one.id)
  const token = await logIn(world, tenant)
  const run = async (mutation: string, input: object) => {
    const [name = ''] = /\w+(?=\(input)/.exec(mutation) ?? []
    const { data, errors } = await ask(world, mutation, { input }, token)
    expect(errors).toBeUndefined()
    expect(data?.[name]).toMatchObject({ userErrors: [] })
    await world.supergraph.settle()
  }

  world.clock.advance(2 * 3_600_000)
  await run('mutation ($input: SetTicketStatusInput!) { setTicketStatus(input: $input) { userErrors { code } } }', {
    ...{ id: ticket.id, status: 'CLOSED' },
  })
  const contact = { customerId: one.id, channel: 'EMAIL', resolvedHours: null }
  expect(await kept(tenantId)).toEqual([
    { ...contact, kind: 'MESSAGE' },
    { ...contact, kind: 'SUPPORT_TICKET', resolvedHours: 2 },
  ])

  await run('mutation ($input: ReceiveMessageInput!) { receiveMessage(input: $input) { userErrors { code } } }', {
    ...{ ticketId: ticket.id, channel: 'EMAIL', content: 'Thank you!', externalId: 'm2' },
  })
  const messages = (await kept(tenantId)).filter(({ kind }) => kind === 'MESSAGE')
  expect(messages).toEqual([
    { ...contact, kind: 'MESSAGE' },
    { ...contact, kind: 'MESSAGE' },
  ])

  await run('mutation ($input: MergeCustomersInput!) { mergeCustomers(input: $input) { userErrors { code } } }', {
    ...{ fromId: one.id, intoId: two.id },
  })
  const owners = new Set((await kept(tenantId)).map(({ customerId }) => customerId))
  expect(owners).toEqual(new Set([two.id]))
  expect(await world.intelligence.system.order.findMany({ where: { tenantId }, select: { customerId: true } })).toEqual(
    [{ customerId: two.id }],
  )

  await run('mutation ($input: EraseCustomerInput!) { eraseCustomer(input: $input) { userErrors { code } } }', {
    id: two.id,
  })
  expect(await kept(tenantId)).toEqual([])
  for (const table of [
    'customer',
    'customer_ref',
    'customer_order',
    'customer_insight',
    'insight_point',
    'stale_customer',
  ]) {
    const rows = await world.intelligence.system.$queryRawUnsafe<object[]>(
      `SELECT 1 FROM ${table} WHERE tenant_id = $1::uuid`,
      tenantId,
    )
    expect([table, rows.length]).toEqual([table, 0])
  }
})

it('who made a key in Intelligence is in the audit trail, which Support keeps', async () => {
  const tenant = await aTenant(world, 'globex')
  const token = await logIn(world, tenant)
  const made = await ask(
    world,
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { id userErrors { code } } }',
    { input: { name: 'Newsletter', scopes: ['insight:read'] } },
    token,
  )
  await world.supergraph.settle()
  const trail = `{ auditLog(action: "api_key.created") { nodes { subjectId actor { ... on Agent { name } } } } }`
  const { data, errors } = await ask(world, trail, {}, token)
  expect(errors).toBeUndefined()
  expect(data).toMatchObject({
    auditLog: {
      nodes: [
        {
          subjectId: (made.data?.['createApiKey'] as { id: string }).id,
          actor: { name: expect.any(String) as string },
        },
      ],
    },
  })
})
