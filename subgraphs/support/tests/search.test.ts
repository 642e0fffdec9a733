import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant } from '../generated/prisma/client.ts'
import { codesOf, openSupport, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
let ask: Ask

beforeAll(async () => {
  support = await openSupport()
  tenant = await support.aTenant()
  ask = await support.asAgent(await support.anAgent(tenant))
})
afterAll(() => support.close())

type Page = {
  edges: { cursor: string; rank: number; highlight: string; node: { number: number; subject: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const search = `query ($query: String!, $filter: TicketFilter, $first: Int, $after: String) {
  searchTickets(query: $query, filter: $filter, first: $first, after: $after) {
    edges { cursor rank highlight node { number subject } } nodes { number } pageInfo { hasNextPage endCursor }
  }
}`

async function found(query: string, more: object = {}, by: Ask = ask): Promise<Page> {
  const { data, errors } = await by<{ searchTickets: Page }>(search, { query, ...more })
  expect(errors).toEqual([])
  return data!.searchTickets
}

const numbersOf = ({ edges }: Page) => edges.map(({ node }) => node.number)
const numbers = async (query: string, more: object = {}, by: Ask = ask) => numbersOf(await found(query, more, by))

describe('what is looked through', () => {
  it('is number, order number, address, subject, customer, and what was said, in that order', async () => {
    const mia = await support.aCustomer(tenant, { name: 'Mia Quint', email: 'mia@quint.example' })
    const said = await support.aTicket(tenant, { subject: 'Hello', initialMessage: 'My parcel QX7 is lost' })
    support.clock.advance(1_000)
    const subject = await support.aTicket(tenant, { subject: 'Parcel qx7 and a lamp' })
    support.clock.advance(1_000)
    const ordered = await support.aTicket(tenant, { subject: 'Hi' }, { orderNumbers: ['#QX7'] })
    const hers = await support.aTicket(tenant, { subject: 'Other', customerId: mia.id })
    const numbered = await support.aTicket(tenant, {}, { number: 90_210 })
    const rival = await support.aTicket(tenant, { subject: 'About 90210' })

    expect(await numbers('qx7')).toEqual([ordered.number, subject.number, said.number])
    expect(await numbers('#90210')).toEqual([numbered.number, rival.number])
    expect(await numbers('mia@quint.example')).toEqual([hers.number])
    expect(await numbers('quin')).toEqual([hers.number])
    expect(await numbers('parcel LOST')).toEqual([said.number])
    // The last word may be only begun; the others may not.
    expect(await numbers('parcel lo')).toEqual([said.number])
    expect(await numbers('parc lost')).not.toContain(said.number)

    const page = await found('qx7')
    expect(page.edges.map((edge) => edge.highlight)).toEqual([
      '#<mark>QX7</mark> · Hi',
      'Parcel <mark>qx7</mark> and a lamp',
      'My parcel <mark>QX7</mark> is lost',
    ])
    expect(page.edges.map((edge) => Math.floor(edge.rank))).toEqual([5, 3, 1])
    expect((await found('90210')).edges[0]?.highlight).toMatch(/^#<mark>90210<\/mark> Where/)
    expect((await found('quint')).edges[0]?.highlight).toBe('Mia <mark>Quint</mark> · mia@<mark>quint</mark>.example')
  })

  it('forgives a slip in a subject or a name', async () => {
    const karl = await support.aCustomer(tenant, { name: 'Karl Wassermann' })
    const subject = await support.aTicket(tenant, { subject: 'A broken chandelier' })
    const his = await support.aTicket(tenant, { subject: 'x', customerId: karl.id })
    expect(await numbers('chandeleir')).toEqual([subject.number])
    expect(await numbers('Waserman')).toEqual([his.number])
    const { data } = await ask<{ customers: { nodes: { name: string }[] } }>(
      '{ customers(query: "wasser") { nodes { name } } }',
    )
    expect(data?.customers.nodes).toEqual([{ name: 'Karl Wassermann' }])
  })

  it('is never a note, nor what was taken back', async () => {
    const ticket = await support.aTicket(tenant)
    const by = { author: { kind: 'agent', id: tenant.id }, createdAt: support.clock.now() }
    const db = support.database.forTenant(tenant.id)
    await db.note.create({
      data: { tenantId: tenant.id, id: crypto.randomUUID(), ticketId: ticket.id, content: 'xylophone', ...by },
    })
    await support.aMessage(ticket, { content: 'xylophone', deletedAt: support.clock.now() })
    expect(await numbers('xylophone')).toEqual([])
    await support.aMessage(ticket, { content: 'A xylophone!' })
    expect(await numbers('xylophone')).toEqual([ticket.number])
  })

  it('is escaped', async () => {
    await support.aTicket(tenant, { subject: '<script>alert(1)</script> <mark>zither</mark>' })
    expect((await found('zither')).edges[0]?.highlight).toBe(
      '&lt;script&gt;alert(1)&lt;/script&gt; &lt;mark&gt;<mark>zither</mark>&lt;/mark&gt;',
    )
  })
})

describe('who finds what', () => {
  it('no other tenant finds it', async () => {
    await support.aTicket(tenant, { subject: 'Secret theremin', initialMessage: 'theremin' })
    const other = await support.aTenant()
    const stranger = await support.asAgent(await support.anAgent(other))
    expect(await numbers('theremin', {}, stranger)).toEqual([])
    expect(await numbers('theremim', {}, stranger)).toEqual([])
  })

  it('an AGENT finds their own tickets and nobody’s', async () => {
    const agent = await support.anAgent(tenant, { role: 'AGENT' })
    const colleague = await support.anAgent(tenant)
    const subject = 'A bassoon'
    await support.aTicket(tenant, { subject }, { assigneeId: colleague.id })
    const own = await support.aTicket(tenant, { subject }, { assigneeId: agent.id })
    const free = await support.aTicket(tenant, { subject })
    expect((await numbers('bassoon', {}, await support.asAgent(agent))).sort()).toEqual(
      [own.number, free.number].sort(),
    )
    expect(await numbers('bassoon', { filter: { assigneeId: colleague.id } }, await support.asAgent(agent))).toEqual([])
    expect(await numbers('bassoon', { filter: { assigneeId: agent.id } })).toEqual([own.number])
  })

  it('demo tickets are found in a demo alone', async () => {
    const demo = await support.aTicket(tenant, { subject: 'A sousaphone' }, { isDemo: true })
    expect(await numbers('sousaphone')).toEqual([])
    expect(await numbers('sousaphnoe')).toEqual([])
    await support.asOwner('UPDATE tenant SET is_demo = TRUE WHERE id = $1', [tenant.id])
    expect(await numbers('sousaphone')).toEqual([demo.number])
    await support.asOwner('UPDATE tenant SET is_demo = FALSE WHERE id = $1', [tenant.id])
  })
})

describe('pages and bad input', () => {
  it('pages neither skip nor repeat, also among equals', async () => {
    for (let count = 0; count < 7; count += 1) await support.aTicket(tenant, { subject: 'An oboe' })
    const all = await numbers('oboe')
    expect(all).toHaveLength(7)
    const read: number[] = []
    for (let after: string | null = null, more = true; more;) {
      const page: Page = await found('oboe', { first: 3, after })
      read.push(...numbersOf(page))
      ;({ endCursor: after, hasNextPage: more } = page.pageInfo)
    }
    expect(read).toEqual(all)
  })

  it.each(['', '   ', 'x'.repeat(201), 'a\u0000b'])('refuses %j', async (query) => {
    expect(codesOf(await ask(search, { query }))).toEqual(['BAD_USER_INPUT'])
  })

  it.each(['!!!', "a' | b & !c", ':*', '\\', '(', '%_', '\ud800', '<->', '#', '#99999999999'])(
    'takes %j as words',
    async (query) => {
      expect(await numbers(query)).toEqual(expect.any(Array))
    },
  )

  it('refuses a cursor of no list and a page too large', async () => {
    expect(codesOf(await ask(search, { query: 'x', after: 'zzz' }))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await ask(search, { query: 'x', first: 101 }))).toEqual(['BAD_USER_INPUT'])
  })
})

it('reads indexes of two large tenants, never a table', async () => {
  for (const [shop, word] of [
    [tenant, 'marimba'],
    [await support.aTenant(), 'glockenspiel'],
  ] as const) {
    const customers = [await support.aCustomer(shop), await support.aCustomer(shop)]
    await support.manyTickets(
      shop,
      15_000,
      [null],
      customers.map(({ id }) => id),
    )
    await support.asOwner(
      `UPDATE message SET content = 'word' || abs(hashtext(id::text)) % 5000 || CASE WHEN abs(hashtext(id::text)) % 3000 = 0 THEN ' ' || $2 ELSE '' END
       WHERE tenant_id = $1 AND content = 'x'`,
      [shop.id, word],
    )
  }
  await support.asOwner('VACUUM ANALYZE')
  const read = await support.database.transact(tenant.id, async (tx) => {
    const hits = await tx.$queryRaw<object[]>`SELECT * FROM app.search_tickets('marimba', 100)`
    expect(hits.length).toBeGreaterThan(0)
    expect(await tx.$queryRaw`SELECT * FROM app.search_tickets('glockenspiel', 100)`).toEqual([])
    // What this transaction alone has read so far.
    const [message, ticket] = await tx.$queryRaw<{ tableScans: number; found: number }[]>`
      SELECT pg_stat_get_xact_numscans(name::regclass)::int AS "tableScans",
        pg_stat_get_xact_numscans((name || '_search_idx')::regclass)::int AS found
      FROM unnest(ARRAY['message', 'ticket']) WITH ORDINALITY AS wanted (name, place) ORDER BY place`
    return { message, ticket }
  })
  expect(read.message).toEqual({ tableScans: 0, found: 2 })
  expect(read.ticket).toMatchObject({ tableScans: 0 })
  expect(read.ticket?.found).toBeGreaterThanOrEqual(2)
})
