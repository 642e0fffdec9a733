import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codesOf, openSupport, type Answer, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const entities = `query ($refs: [_Any!]!) {
  _entities(representations: $refs) {
    __typename
    ... on Customer { id name email createdAt tags externalRefs { id } openTicketCount tickets { nodes { id } } }
    ... on Ticket { id number customer { id } }
    ... on Agent { id name }
    ... on Message { id content ticket { id } }
  }
}`
type Entities = { _entities: ({ __typename: string; id: string; name?: string } | null)[] }

const refsOf = (typename: string, ...ids: string[]) => ids.map((id) => ({ __typename: typename, id }))

async function aShop() {
  const tenant = await support.aTenant()
  const agent = await support.anAgent(tenant)
  const customer = await support.aCustomer(tenant, { name: 'Mia' })
  const ticket = await support.aTicket(tenant, { customerId: customer.id })
  const message = await support.aMessage(ticket)
  const token = await support.logIn(agent)
  const gateway = support.asGateway({ token })
  const refs = [
    ...refsOf('Customer', customer.id),
    ...refsOf('Ticket', ticket.id),
    ...refsOf('Agent', agent.id),
    ...refsOf('Message', message.id),
  ]
  return { tenant, agent, customer, ticket, message, token, gateway, refs }
}
const resolve = (ask: Ask, refs: object[]) => ask<Entities>(entities, { refs })
const found = ({ data, errors }: Answer<Entities>) => {
  expect(errors).toEqual([])
  return data!._entities
}
const unknown = (id: string) => ({
  __typename: 'Customer',
  id,
  name: 'Unknown',
  email: null,
  createdAt: null,
  tags: [],
  externalRefs: [],
  openTicketCount: 0,
  tickets: { nodes: [] },
})

describe('a reference from another subgraph', () => {
  it('is resolved for each entity, in the order asked', async () => {
    const { gateway, refs, customer, ticket, agent, message } = await aShop()
    expect(found(await resolve(gateway, refs))).toEqual([
      expect.objectContaining({ __typename: 'Customer', id: customer.id, name: 'Mia', openTicketCount: 1 }),
      { __typename: 'Ticket', id: ticket.id, number: ticket.number, customer: { id: customer.id } },
      { __typename: 'Agent', id: agent.id, name: agent.name },
      { __typename: 'Message', id: message.id, content: message.content, ticket: { id: ticket.id } },
    ])
    expect(found(await resolve(gateway, refs.toReversed())).map((entity) => entity?.__typename)).toEqual([
      'Message',
      'Agent',
      'Ticket',
      'Customer',
    ])
  })

  it('of a customer is never null: one who is not known yet is Unknown', async () => {
    const { gateway, customer } = await aShop()
    const ids = [crypto.randomUUID(), customer.id, 'no uuid', '']
    const answer = found(await resolve(gateway, refsOf('Customer', ...ids)))
    expect(answer.map((entity) => entity?.name)).toEqual(['Unknown', 'Mia', 'Unknown', 'Unknown'])
    expect(answer[0]).toEqual(unknown(ids[0]!))
  })

  it('of anything else that does not exist is null, and spoils nothing beside it', async () => {
    const { gateway, ticket } = await aShop()
    const refs = ['Ticket', 'Agent', 'Message'].flatMap((typename) => refsOf(typename, crypto.randomUUID(), 'no uuid'))
    const answer = found(await resolve(gateway, [...refs, ...refsOf('Ticket', ticket.id)]))
    expect(answer.slice(0, -1)).toEqual(refs.map(() => null))
    expect(answer.at(-1)?.id).toBe(ticket.id)
  })

  it('of another tenant is nothing, and a customer Unknown', async () => {
    const [shop, other] = [await aShop(), await aShop()]
    const [customer, ...rest] = found(await resolve(shop.gateway, other.refs))
    expect(customer).toEqual(unknown(other.customer.id))
    expect(rest).toEqual([null, null, null])
  })

  it('is resolved for the gateway on its own account within the tenant that it names', async () => {
    const [shop, other] = [await aShop(), await aShop()]
    const gateway = support.asGateway({ tenantId: shop.tenant.id })
    expect(found(await resolve(gateway, shop.refs)).map((entity) => entity?.id)).toEqual(shop.refs.map(({ id }) => id))
    expect(found(await resolve(gateway, other.refs)).slice(1)).toEqual([null, null, null])
  })

  it('costs one statement for each kind, however many and however often repeated', async () => {
    const { tenant, gateway } = await aShop()
    const names = 'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Customer { id name } } }'
    const ids: string[] = []
    for (let index = 0; index < 20; index += 1) ids.push((await support.aCustomer(tenant)).id)
    await gateway(names, { refs: refsOf('Customer', ...ids) })
    const before = support.statements.length
    const { errors } = await gateway(names, { refs: refsOf('Customer', ...ids, ...ids) })
    expect(errors).toEqual([])
    const sent = support.statements.slice(before)
    expect(sent).toHaveLength(2) // the session, the customers
  })
})

describe('the federation door', () => {
  it('is closed to everybody but the gateway, whatever their token', async () => {
    const { token, refs, tenant } = await aShop()
    const others = [
      support.anonymous,
      support.withToken(token),
      support.asFacts({ caller: 'intelligence', tenantId: tenant.id }),
      support.asFacts({ caller: 'intelligence', authorization: `Bearer ${token}` }),
    ]
    for (const ask of others) {
      const before = support.statements.filter((sql) => sql.includes('FROM "public"."customer"')).length
      expect(codesOf(await resolve(ask, refs))).toEqual(['FORBIDDEN'])
      expect(codesOf(await ask('{ _service { sdl } }'))).toEqual(['FORBIDDEN'])
      expect(
        codesOf(
          await ask('query ($refs: [_Any!]!) { mine: _entities(representations: $refs) { __typename } }', { refs }),
        ),
      ).toEqual(['FORBIDDEN'])
      expect(support.statements.filter((sql) => sql.includes('FROM "public"."customer"')).length).toBe(before)
    }
  })

  it('shows the gateway the schema, and asks for somebody on whose behalf to resolve', async () => {
    const { refs } = await aShop()
    const gateway = support.asFacts({ caller: 'gateway' })
    expect((await gateway('{ _service { sdl } }')).data).toMatchObject({
      _service: { sdl: expect.stringContaining('type Ticket') },
    })
    const answer = await resolve(gateway, refs)
    expect(new Set(codesOf(answer))).toEqual(new Set(['UNAUTHENTICATED']))
  })

  it('takes no tenant on the word of somebody who did not sign', async () => {
    const { tenant } = await aShop()
    const ask = support.asFacts({ caller: null, tenantId: tenant.id })
    expect(codesOf(await ask('{ customers { nodes { id } } }'))).toEqual(['UNAUTHENTICATED'])
  })
})
