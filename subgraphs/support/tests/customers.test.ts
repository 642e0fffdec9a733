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
