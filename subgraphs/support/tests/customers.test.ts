import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codesOf, openSupport, refusal, type Answer, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const fields = `id name email phone locale timeZone externalRefs { source id } tags isVip lastContactAt createdAt openTicketCount
  tickets { nodes { id } pageInfo { hasNextPage } }`
const create = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { ${fields} } userErrors { code path } }
}`
const list = `query ($first: Int, $after: String) {
  customers(first: $first, after: $after) { nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
}`
type Created = { createCustomer: { customer: { id: string } | null; userErrors: { code: string }[] } }
type Page = {
  customers: {
    nodes: { id: string }[]
    edges: { cursor: string }[]
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
  }
}

async function anAsker(): Promise<Ask> {
  return support.asAgent(await support.anAgent(await support.aTenant()))
}
const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

describe('adding a customer', () => {
  it('answers with what was given, trimmed, without repeats', async () => {
    const ask = await anAsker()
    const input = {
      name: ' Mia Sommer ',
      email: 'Mia@Mail.example',
      phone: ' +49 30 1234 ',
      locale: 'de-DE',
      timeZone: 'Europe/Berlin',
      tags: ['vip', ' vip', 'early'],
      externalRefs: [
        { source: 'shop', id: ' 711' },
        { source: 'shop', id: '711' },
        { source: 'crm', id: 'c-1' },
      ],
    }
    const { data, errors } = await ask(create, { input })
    expect(errors).toEqual([])
    expect(data).toEqual({
      createCustomer: {
        customer: {
          id: expect.any(String),
          name: 'Mia Sommer',
          email: 'mia@mail.example',
          phone: '+49 30 1234',
          locale: 'de-DE',
          timeZone: 'Europe/Berlin',
          externalRefs: [
            { source: 'crm', id: 'c-1' },
            { source: 'shop', id: '711' },
          ],
          tags: ['vip', 'early'],
          isVip: false,
          lastContactAt: null,
          createdAt: support.clock.now().toISOString(),
          openTicketCount: 0,
          tickets: { nodes: [], pageInfo: { hasNextPage: false } },
        },
        userErrors: [],
      },
    })
    const byRef = `{ customerByExternalRef(source: "crm", id: "c-1") { name } }`
    expect((await ask(byRef)).data).toEqual({ customerByExternalRef: { name: 'Mia Sommer' } })
  })

  it.each([
    ['REQUIRED', 'name', { name: ' ' }],
    ['TOO_LONG', 'name', { name: 'x'.repeat(201) }],
    ['INVALID', 'name', { name: 'a\u0007b' }],
    ['TOO_LONG', 'phone', { phone: '1'.repeat(51) }],
    ['TOO_LONG', 'locale', { locale: 'x'.repeat(36) }],
    ['INVALID', 'timeZone', { timeZone: 'Europe/Atlantis' }],
    ['TOO_LONG', 'tags', { tags: ['x'.repeat(101)] }],
    ['LIMIT_EXCEEDED', 'tags', { tags: Array.from({ length: 51 }, (_, index) => `${index}`) }],
    ['REQUIRED', 'externalRefs', { externalRefs: [{ source: '', id: '1' }] }],
    ['TOO_LONG', 'externalRefs', { externalRefs: [{ source: 'shop', id: '1'.repeat(201) }] }],
    ['INVALID', 'externalRefs', { externalRefs: [{ source: 'shop', id: 'a\u0000' }] }],
    [
      'LIMIT_EXCEEDED',
      'externalRefs',
      { externalRefs: Array.from({ length: 21 }, (_, index) => ({ source: 'shop', id: `${index}` })) },
    ],
    ['INVALID', 'idempotencyKey', { idempotencyKey: '' }],
    ['INVALID', 'idempotencyKey', { idempotencyKey: 'x'.repeat(201) }],
    ['INVALID', 'idempotencyKey', { idempotencyKey: 'a\u0000' }],
  ])('is refused with %s at %s', async (code, field, wrong) => {
    const ask = await anAsker()
    const { data, errors } = await ask(create, { input: { name: 'Mia', ...wrong } })
    expect(errors).toEqual([])
    expect(data).toEqual({ createCustomer: { customer: null, userErrors: refusal(code, 'input', field) } })
    expect((await ask<Page>(list)).data!.customers.nodes).toEqual([])
  })

  it('with a key happens once, also when ten ask at the same time, and another input is refused', async () => {
    const ask = await anAsker()
    const input = { name: 'Mia', tags: ['a'], idempotencyKey: 'key' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask<Created>(create, { input })))
    const [first] = answers
    expect(first!.data!.createCustomer.userErrors).toEqual([])
    for (const answer of answers) expect(answer).toEqual(first)
    expect((await ask<Page>(list)).data!.customers.nodes).toHaveLength(1)
    const reused = await ask<Created>(create, { input: { ...input, tags: ['b'] } })
    expect(reused.data!.createCustomer).toEqual({
      customer: null,
      userErrors: refusal('IDEMPOTENCY_KEY_REUSED', 'input', 'idempotencyKey'),
    })
  })

  it('leaves a key free when it was refused', async () => {
    const ask = await anAsker()
    const refused = await ask<Created>(create, { input: { name: '', idempotencyKey: 'key' } })
    expect(refused.data!.createCustomer.customer).toBeNull()
    const { data } = await ask<Created>(create, { input: { name: 'Mia', idempotencyKey: 'key' } })
    expect(data!.createCustomer.userErrors).toEqual([])
  })

  it('keeps the keys of two tenants apart', async () => {
    const input = { name: 'Mia', idempotencyKey: 'key' }
    const answers = [
      await (await anAsker())<Created>(create, { input }),
      await (await anAsker())<Created>(create, { input }),
    ]
    expect(new Set(answers.map(({ data }) => data!.createCustomer.customer!.id)).size).toBe(2)
  })
})

describe('customers', () => {
  it('come newest first, page after page, each once, also those of one instant', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const ids: string[] = []
    for (const step of [0, 0, 1, 0, 0, 60_000, 0]) {
      support.clock.advance(step)
      ids.push((await support.aCustomer(tenant)).id)
    }
    const seen: string[] = []
    let after: string | null = null
    do {
      const answer: Answer<Page> = await ask<Page>(list, { first: 2, after })
      const { nodes, edges, pageInfo }: Page['customers'] = answer.data!.customers
      expect(pageInfo).toMatchObject({ hasPreviousPage: after !== null, startCursor: edges[0]!.cursor })
      seen.push(...nodes.map(({ id }) => id))
      // Newer than all: no later page shows it, or shifts.
      support.clock.advance(1)
      await support.aCustomer(tenant)
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after)
    expect(seen.toSorted()).toEqual(ids.toSorted())
    expect(new Set(seen.slice(0, 2))).toEqual(new Set(ids.slice(5)))
  })

  it.each([0, -1, 101])('are refused in pages of %d', async (first) => {
    expect(codesOf(await (await anAsker())(list, { first }))).toEqual(['BAD_USER_INPUT'])
  })

  it.each([
    ['no base64', 'x'],
    ['empty', ''],
    ['too short', cursor('2026-11-21T10:00:00.000Z')],
    ['of no time', cursor('yesterday', crypto.randomUUID())],
    ['of a time that the database does not know', cursor('-271821-04-20T00:00:00.000Z', crypto.randomUUID())],
    ['of no id', cursor('2026-11-21T10:00:00.000Z', 'x')],
    ['of another list', cursor(1.5, crypto.randomUUID())],
    ['endless', 'x'.repeat(2_000)],
  ])('are refused after a damaged cursor: %s', async (_, after) => {
    expect(codesOf(await (await anAsker())(list, { after }))).toEqual(['BAD_USER_INPUT'])
  })

  it('are found by id or reference in their own tenant only', async () => {
    const [ask, other] = [await anAsker(), await support.aTenant()]
    const stranger = await support.aCustomer(other, { externalRefs: [{ source: 'shop', id: '1' }] })
    const one = `query ($id: ID!, $source: String!, $ref: String!) {
      customer(id: $id) { name } customerByExternalRef(source: $source, id: $ref) { name }
    }`
    for (const id of [stranger.id, 'x', crypto.randomUUID()]) {
      for (const ref of ['1', 'a\u0000']) {
        const answer = await ask(one, { id, source: 'shop', ref })
        expect(answer).toEqual({ data: { customer: null, customerByExternalRef: null }, errors: [] })
      }
    }
  })

  it('have their tickets, newest first, counted while they are not closed', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const { id: customerId } = await support.aCustomer(tenant)
    const now = support.clock.now()
    const closed = await support.aTicket(tenant, { customerId }, { status: 'CLOSED', closedAt: now })
    support.clock.advance(1_000)
    const pending = await support.aTicket(tenant, { customerId }, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    support.clock.advance(1_000)
    const open = await support.aTicket(tenant, { customerId })
    await support.aTicket(tenant)
    const query = `query ($id: ID!, $first: Int) {
      customer(id: $id) { openTicketCount lastContactAt tickets(first: $first) { nodes { id } pageInfo { hasNextPage } } }
    }`
    expect((await ask(query, { id: customerId, first: 2 })).data).toEqual({
      customer: {
        openTicketCount: 2,
        lastContactAt: support.clock.now().toISOString(),
        tickets: { nodes: [{ id: open.id }, { id: pending.id }], pageInfo: { hasNextPage: true } },
      },
    })
    const all = await ask<{ customer: { tickets: { nodes: { id: string }[] } } }>(query, { id: customerId })
    expect(all.data!.customer.tickets.nodes.at(-1)).toEqual({ id: closed.id })
    expect(codesOf(await ask(query, { id: customerId, first: 101 }))).toEqual(['BAD_USER_INPUT'])
  })
})

const update = `mutation ($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) { customer { id name email phone locale timeZone tags isVip } userErrors { code path } }
}`
const trail = (tenantId: string, action: string) =>
  support.asOwner<{ subjectId: string; actor: unknown; changes: unknown[] }>(
    'SELECT subject_id AS "subjectId", actor, changes FROM audit_entry WHERE tenant_id = $1 AND action = $2 ORDER BY id',
    [tenantId, action],
  )

describe('changing a customer', () => {
  it('changes what is given, clears what is null, and leaves a trail', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant, { role: 'AGENT' })
    const ask = await support.asAgent(agent)
    const { id, name } = await support.aCustomer(tenant, { phone: '+49 30 1', locale: 'de' })
    const input = {
      id,
      email: 'NEW@mail.example',
      phone: null,
      tags: [' a', 'a'],
      isVip: true,
      timeZone: 'Europe/Paris',
    }
    const { data, errors } = await ask(update, { input })
    expect(errors).toEqual([])
    const after = {
      name,
      email: 'new@mail.example',
      phone: null,
      locale: 'de',
      tags: ['a'],
      isVip: true,
      timeZone: 'Europe/Paris',
    }
    expect(data).toEqual({ updateCustomer: { customer: { id, ...after }, userErrors: [] } })
    const [entry, ...rest] = await trail(tenant.id, 'customer.changed')
    expect(entry).toMatchObject({ subjectId: id, actor: { kind: 'agent', id: agent.id } })
    expect(entry!.changes).toHaveLength(5)
    await ask(update, { input })
    expect([rest, (await trail(tenant.id, 'customer.changed')).length]).toEqual([[], 1])
    expect(await trail(tenant.id, 'customer.created')).toMatchObject([{ subjectId: id }])
  })

  it.each([
    ['NOT_FOUND', 'id', { id: 'x' }],
    ['NOT_FOUND', 'id', { id: crypto.randomUUID() }],
    ['REQUIRED', 'name', { name: ' ' }],
    ['TOO_LONG', 'phone', { phone: '1'.repeat(51) }],
    ['TOO_LONG', 'locale', { locale: 'x'.repeat(36) }],
    ['INVALID', 'timeZone', { timeZone: 'Europe/Atlantis' }],
    ['TOO_LONG', 'tags', { tags: ['x'.repeat(101)] }],
  ])('is refused with %s at %s', async (code, field, wrong) => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const { id } = await support.aCustomer(tenant)
    const { data } = await ask(update, { input: { id, ...wrong } })
    expect(data).toEqual({ updateCustomer: { customer: null, userErrors: refusal(code, 'input', field) } })
  })

  it('is refused of one who asked to be forgotten, and of another tenant’s', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const erased = await support.aCustomer(tenant)
    const erasedAt = support.clock.now()
    await support.database.forTenant(tenant.id).customer.updateMany({ where: { id: erased.id }, data: { erasedAt } })
    const foreign = await support.aCustomer(await support.aTenant())
    for (const [id, code] of [
      [erased.id, 'CONFLICT'],
      [foreign.id, 'NOT_FOUND'],
    ] as const)
      expect((await ask(update, { input: { id, name: 'Mia' } })).data).toMatchObject({
        updateCustomer: { customer: null, userErrors: refusal(code, 'input', 'id') },
      })
  })
})

describe('a customer’s record', () => {
  it('is read by an agent on the record, each customer of a list, and by a service without', async () => {
    const tenant = await support.aTenant()
    const agent = await support.anAgent(tenant, { role: 'AGENT' })
    const ask = await support.asAgent(agent)
    const one = await support.aCustomer(tenant, { externalRefs: [{ source: 'shop', id: '1' }] })
    const two = await support.aCustomer(tenant)
    const reads = async () => (await trail(tenant.id, 'customer.read')).map(({ subjectId }) => subjectId)
    await ask('query ($id: ID!) { customer(id: $id) { name } }', { id: one.id })
    await ask('{ customerByExternalRef(source: "shop", id: "1") { name } }')
    expect(await reads()).toEqual([one.id, one.id])
    await ask(list)
    expect((await reads()).slice(2).toSorted()).toEqual([one.id, two.id].toSorted())
    // What is not there is not read, nor what a ticket or another subgraph refers to.
    await ask('query ($id: ID!) { customer(id: $id) { name } }', { id: crypto.randomUUID() })
    await support.aTicket(tenant, { customerId: one.id })
    await ask('{ tickets { nodes { customer { name } } } }')
    const representations = [{ __typename: 'Customer', id: one.id }]
    await ask('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { name } } }', {
      r: representations,
    })
    await support.asGateway({ tenantId: tenant.id })(list)
    expect(await reads()).toHaveLength(4)
  })

  it('is found by an id that a merge ended', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const customer = await support.aCustomer(tenant)
    const alias = { tenantId: tenant.id, id: crypto.randomUUID(), customerId: customer.id, createdAt: new Date() }
    await support.database.forTenant(tenant.id).customerAlias.create({ data: alias })
    const query = 'query ($id: ID!) { customer(id: $id) { id name } }'
    expect((await ask(query, { id: alias.id })).data).toEqual({ customer: { id: customer.id, name: customer.name } })
    const { data } = await ask(update, { input: { id: alias.id, name: 'Mia' } })
    expect(data).toMatchObject({ updateCustomer: { customer: { id: customer.id, name: 'Mia' }, userErrors: [] } })
    const other = await support.asAgent(await support.anAgent(await support.aTenant()))
    expect((await other(query, { id: alias.id })).data).toEqual({ customer: null })
  })

  it('is found by the beginning of an address or phone number', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const mia = await support.aCustomer(tenant, { email: 'mia.sommer@mail.example', phone: '+49 30 1234' })
    support.clock.advance(1)
    const max = await support.aCustomer(tenant, { email: 'max@mail.example', phone: '+49 40 1' })
    await support.aCustomer(await support.aTenant(), { email: 'mia@mail.example' })
    const query = `query ($query: String) { customers(query: $query) { nodes { id } } }`
    const found = async (text: string) =>
      (await ask<{ customers: { nodes: { id: string }[] } }>(query, { query: text })).data!.customers.nodes.map(
        ({ id }) => id,
      )
    expect(await found(' MIA.som')).toEqual([mia.id])
    expect(await found('m')).toEqual([max.id, mia.id])
    expect(await found('+49 30')).toEqual([mia.id])
    expect(await found('zzz')).toEqual([])
    expect(await found('a\u0000')).toEqual([])
    expect(await found(' ')).toHaveLength(2)
  })
})
