import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codesOf, openSupport, password, refusal, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const create = `mutation ($input: CreateAgentInput!) {
  createAgent(input: $input) { agent { name email role status isActive acceptsNewTickets capacity skills createdAt } userErrors { code path } }
}`
const list = `query ($first: Int, $after: String) {
  agents(first: $first, after: $after) { nodes { id name } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
}`
type Page = {
  agents: { nodes: { id: string; name: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
}

const mia = { name: 'Mia', email: 'Mia@Shop.example', password, role: 'AGENT' }

describe('adding an agent', () => {
  it('answers with the agent, its address lower-cased, and lets it log in', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    const { data, errors } = await ask(create, { input: { ...mia, skills: [' refunds ', 'refunds', 'vip'] } })
    expect(errors).toEqual([])
    expect(data).toEqual({
      createAgent: {
        agent: {
          name: 'Mia',
          email: 'mia@shop.example',
          role: 'AGENT',
          status: 'OFFLINE',
          isActive: true,
          acceptsNewTickets: true,
          capacity: 25,
          skills: ['refunds', 'vip'],
          createdAt: support.clock.now().toISOString(),
        },
        userErrors: [],
      },
    })
    const token = await support.logIn({ ...mia, tenantId: tenant.id, tenant: tenant.slug, id: '' })
    expect((await support.withToken(token)('{ viewer { agent { name } } }')).data).toEqual({
      viewer: { agent: { name: 'Mia' } },
    })
  })

  it.each([
    ['REQUIRED', 'name', { name: '  ' }],
    ['TOO_LONG', 'name', { name: 'x'.repeat(201) }],
    ['INVALID', 'name', { name: 'a\u0000b' }],
    ['INVALID', 'password', { password: 'x'.repeat(9) }],
    ['TOO_LONG', 'password', { password: 'x'.repeat(1_025) }],
    ['INVALID', 'capacity', { capacity: -1 }],
    ['INVALID', 'capacity', { capacity: 1_001 }],
    ['INVALID', 'skills', { skills: ['a\u0000b'] }],
    ['TOO_LONG', 'skills', { skills: ['x'.repeat(101)] }],
  ])('refuses with %s at %s', async (code, field, wrong) => {
    const ask = await support.asAgent(await support.anAgent(await support.aTenant()))
    const { data, errors } = await ask(create, { input: { ...mia, ...wrong } })
    expect(errors).toEqual([])
    expect(data).toEqual({ createAgent: { agent: null, userErrors: refusal(code, 'input', field) } })
  })

  it('refuses an address that the tenant has already, in any case of letters, and takes it in another tenant', async () => {
    const tenant = await support.aTenant()
    const ask = await support.asAgent(await support.anAgent(tenant))
    await ask(create, { input: mia })
    const { data } = await ask(create, { input: { ...mia, email: 'MIA@shop.EXAMPLE' } })
    expect(data).toEqual({ createAgent: { agent: null, userErrors: refusal('ALREADY_EXISTS', 'input', 'email') } })
    const other = await support.asAgent(await support.anAgent(await support.aTenant()))
    expect((await other(create, { input: mia })).data).toMatchObject({ createAgent: { userErrors: [] } })
  })

  it('is refused as bad input when the address is none', async () => {
    const ask = await support.asAgent(await support.anAgent(await support.aTenant()))
    expect(codesOf(await ask(create, { input: { ...mia, email: 'mia' } }))).toEqual(['BAD_USER_INPUT'])
  })

  it.each([
    ['AGENT', []],
    ['SENIOR_AGENT', []],
    ['TEAM_LEAD', []],
    ['MANAGER', ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD']],
    ['ADMIN', ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN']],
  ] as const)('lets the role %s appoint %j only', async (role, allowed) => {
    const ask = await support.asAgent(await support.anAgent(await support.aTenant(), { role }))
    const appointed: string[] = []
    for (const wanted of ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN']) {
      const input = { ...mia, email: `${wanted}@shop.example`, role: wanted }
      const { data } = await ask<{ createAgent: { userErrors: { code: string }[] } }>(create, { input })
      const { userErrors } = data!.createAgent
      if (userErrors.length === 0) appointed.push(wanted)
      else expect(userErrors).toEqual(refusal('FORBIDDEN'))
    }
    expect(appointed).toEqual(allowed)
  })
})

describe('agents', () => {
  it('come by name, page after page, each once, namesakes too', async () => {
    const tenant = await support.aTenant()
    const names = ['Zoe', 'Ada', 'Max', 'Max', 'Max', 'ada']
    const first = await support.anAgent(tenant, { name: 'Bo' })
    for (const name of names) await support.anAgent(tenant, { name })
    const ask = await support.asAgent(first)
    const seen: { id: string; name: string }[] = []
    for (let after: string | null = null; ;) {
      const { data }: { data: Page | null } = await ask<Page>(list, { first: 2, after })
      seen.push(...data!.agents.nodes)
      after = data!.agents.pageInfo.endCursor
      if (!data!.agents.pageInfo.hasNextPage) break
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7)
    expect(seen.map(({ name }) => name).toSorted()).toEqual([...names, 'Bo'].toSorted())
    const max = seen.findIndex(({ name }) => name === 'Max')
    expect(seen.slice(max, max + 3).map(({ name }) => name)).toEqual(['Max', 'Max', 'Max'])
  })

  it.each([0, -1, 101])('are refused in pages of %d', async (first) => {
    const ask = await support.asAgent(await support.anAgent(await support.aTenant()))
    expect(codesOf(await ask(list, { first }))).toEqual(['BAD_USER_INPUT'])
  })

  it.each([
    ['broken', '%%%'],
    ['of another list', Buffer.from('[1.5,"x"]').toString('base64url')],
    ['with an id that is none', Buffer.from('["Ada","x"]').toString('base64url')],
    [
      'with a character that no name has',
      Buffer.from(JSON.stringify(['a\u0000', crypto.randomUUID()])).toString('base64url'),
    ],
  ])('are refused after a cursor %s', async (_, after) => {
    const ask = await support.asAgent(await support.anAgent(await support.aTenant()))
    expect(codesOf(await ask(list, { after }))).toEqual(['BAD_USER_INPUT'])
  })

  it('are found by id in their own tenant only, and an id that is none is nobody', async () => {
    const [one, other] = [await support.aTenant(), await support.aTenant()]
    const [mine, stranger] = [await support.anAgent(one), await support.anAgent(other)]
    const ask = await support.asAgent(mine)
    const query = `query ($id: ID!) { agent(id: $id) { name } }`
    expect((await ask(query, { id: mine.id })).data).toEqual({ agent: { name: mine.name } })
    expect(await ask(query, { id: stranger.id })).toEqual({ data: { agent: null }, errors: [] })
    expect(await ask(query, { id: "x' or true" })).toEqual({ data: { agent: null }, errors: [] })
  })
})
