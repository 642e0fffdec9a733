import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codesOf, openSupport, password, refusal, type TestSupport } from './kit.ts'
import { someoneWaits } from './locks-kit.ts'

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

const agentFields =
  '{ agent { id name role status isActive acceptsNewTickets capacity skills } userErrors { code path } }'
const update = `mutation ($input: UpdateAgentInput!) { updateAgent(input: $input) ${agentFields} }`
const setStatus = `mutation ($input: SetAgentStatusInput!) { setAgentStatus(input: $input) ${agentFields} }`
const deactivate = `mutation ($input: DeactivateAgentInput!) { deactivateAgent(input: $input) ${agentFields} }`
const reactivate = `mutation ($input: ReactivateAgentInput!) { reactivateAgent(input: $input) ${agentFields} }`
const change = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { agent { id } userErrors { code path } } }`

/** A tenant with one agent of each role, and what each asks with. */
async function aTeamOfEach() {
  const tenant = await support.aTenant()
  const [agent, lead, manager, admin] = await Promise.all(
    (['AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN'] as const).map((role) => support.anAgent(tenant, { role })),
  )
  return { tenant, agent: agent!, lead: lead!, manager: manager!, admin: admin! }
}
const trail = (tenantId: string, action: string) =>
  support.asOwner<{ subjectId: string; changes: unknown[]; actor: unknown }>(
    'SELECT subject_id AS "subjectId", changes, actor FROM audit_entry WHERE tenant_id = $1 AND action = $2 ORDER BY id',
    [tenantId, action],
  )

describe('changing an agent', () => {
  it('is for team leads, of anybody, and leaves a trail of what changed', async () => {
    const { tenant, agent, lead, admin } = await aTeamOfEach()
    const ask = await support.asAgent(lead)
    const input = { id: agent.id, name: ' Ada ', capacity: 3, skills: ['vat', ' vat'], acceptsNewTickets: false }
    const { data } = await ask(update, { input })
    const after = { name: 'Ada', capacity: 3, skills: ['vat'], acceptsNewTickets: false, role: 'AGENT' }
    expect(data).toMatchObject({ updateAgent: { agent: after, userErrors: [] } })
    expect(await trail(tenant.id, 'agent.changed')).toEqual([
      {
        subjectId: agent.id,
        actor: { kind: 'agent', id: lead.id },
        changes: [
          { field: 'name', from: agent.name, to: 'Ada' },
          { field: 'acceptsNewTickets', from: true, to: false },
          { field: 'capacity', from: 25, to: 3 },
          { field: 'skills', from: [], to: ['vat'] },
        ],
      },
    ])
    expect((await ask(update, { input: { id: admin.id, capacity: 1 } })).data).toMatchObject({
      updateAgent: { userErrors: [] },
    })
    // What stays the same leaves none.
    await ask(update, { input })
    expect(await trail(tenant.id, 'agent.changed')).toHaveLength(2)
  })

  it.each([
    ['NOT_FOUND', 'id', { id: 'x' }],
    ['NOT_FOUND', 'id', { id: crypto.randomUUID() }],
    ['REQUIRED', 'name', { name: ' ' }],
    ['INVALID', 'capacity', { capacity: -1 }],
    ['INVALID', 'capacity', { capacity: 1_001 }],
    ['TOO_LONG', 'skills', { skills: ['x'.repeat(101)] }],
  ])('is refused with %s at %s', async (code, field, wrong) => {
    const { lead, agent } = await aTeamOfEach()
    const { data } = await (await support.asAgent(lead))(update, { input: { id: agent.id, ...wrong } })
    expect(data).toEqual({ updateAgent: { agent: null, userErrors: refusal(code, 'input', field) } })
  })

  it('to another role is for managers, from and to below their own, and administrators', async () => {
    const { tenant, agent, lead, manager, admin } = await aTeamOfEach()
    const tried = async (who: typeof agent, id: string, role: string) => {
      const ask = await support.asAgent(who)
      const { data } = await ask<{ updateAgent: { userErrors: { code: string }[] } }>(update, { input: { id, role } })
      return data!.updateAgent.userErrors[0]?.code ?? role
    }
    expect(await tried(lead, agent.id, 'SENIOR_AGENT')).toBe('FORBIDDEN')
    expect(await tried(manager, agent.id, 'SENIOR_AGENT')).toBe('SENIOR_AGENT')
    expect(await tried(manager, agent.id, 'MANAGER')).toBe('FORBIDDEN')
    expect(await tried(manager, manager.id, 'AGENT')).toBe('FORBIDDEN')
    expect(await tried(manager, admin.id, 'AGENT')).toBe('FORBIDDEN')
    expect(await tried(admin, admin.id, 'MANAGER')).toBe('CONFLICT')
    expect(await tried(admin, manager.id, 'ADMIN')).toBe('ADMIN')
    expect(await tried(manager, admin.id, 'AGENT')).toBe('AGENT')
    const stranger = await support.anAgent(await support.aTenant())
    expect(await tried(manager, stranger.id, 'AGENT')).toBe('NOT_FOUND')
    expect(await trail(tenant.id, 'agent.changed')).toHaveLength(3)
  })

  it('leaves an administrator, also when two demote each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const tenant = await support.aTenant()
      const [one, other] = [await support.anAgent(tenant), await support.anAgent(tenant)]
      const [asOne, asOther] = [await support.asAgent(one), await support.asAgent(other)]
      await Promise.all([
        asOne(update, { input: { id: other.id, role: 'AGENT' } }),
        asOther(deactivate, { input: { id: one.id } }),
      ])
      const where = { tenantId: tenant.id, role: 'ADMIN', isActive: true }
      expect(await support.database.forTenant(tenant.id).agent.count({ where })).toBeGreaterThanOrEqual(1)
    }
  })
})

describe('an agent’s status', () => {
  it('is one’s own to say, anybody’s for team leads, and nobody’s who is gone', async () => {
    const { tenant, agent, lead } = await aTeamOfEach()
    const [ask, asLead] = [await support.asAgent(agent), await support.asAgent(lead)]
    const online = { input: { status: 'ONLINE' } }
    const own = { agent: { id: agent.id, status: 'ONLINE', acceptsNewTickets: true }, userErrors: [] }
    expect((await ask(setStatus, online)).data).toMatchObject({ setAgentStatus: own })
    const away = { id: agent.id, status: 'AWAY', acceptsNewTickets: false }
    expect((await asLead(setStatus, { input: away })).data).toMatchObject({ setAgentStatus: { agent: away } })
    const forbidden = { setAgentStatus: { agent: null, userErrors: refusal('FORBIDDEN') } }
    expect((await ask(setStatus, { input: { id: lead.id, status: 'AWAY' } })).data).toEqual(forbidden)
    const gone = await support.anAgent(tenant)
    await support.database.forTenant(tenant.id).agent.updateMany({ where: { id: gone.id }, data: { isActive: false } })
    for (const [id, code] of [
      [gone.id, 'CONFLICT'],
      ['x', 'NOT_FOUND'],
    ] as const)
      expect((await asLead(setStatus, { input: { id, status: 'AWAY' } })).data).toMatchObject({
        setAgentStatus: { userErrors: refusal(code, 'input', 'id') },
      })
    const gateway = support.asGateway({ tenantId: tenant.id })
    expect((await gateway(setStatus, online)).data).toMatchObject({
      setAgentStatus: { userErrors: refusal('REQUIRED', 'input', 'id') },
    })
    expect(await trail(tenant.id, 'agent.status_changed')).toHaveLength(2)
  })
})

describe('an agent who leaves', () => {
  it('is out at once, everywhere; what is not closed goes back to its queue', async () => {
    const { tenant, agent, lead, manager } = await aTeamOfEach()
    const tokens = [await support.logIn(agent), await support.logIn(agent)]
    const mine = { assigneeId: agent.id }
    const open = await support.aTicket(tenant, {}, mine)
    const pending = await support.aTicket(tenant, {}, { ...mine, status: 'PENDING', waitingOn: 'CUSTOMER' })
    const closed = await support.aTicket(tenant, {}, { ...mine, status: 'CLOSED', closedAt: support.clock.now() })
    const lent = await support.aTicket(
      tenant,
      {},
      {
        assigneeId: lead.id,
        returnAt: new Date(support.clock.now().getTime() + 1_000),
        returnTo: { agentId: agent.id, teamId: null, queueId: null, since: support.clock.now().toISOString() },
      },
    )
    const ask = await support.asAgent(manager)
    const { data, errors } = await ask(deactivate, { input: { id: agent.id } })
    expect(errors).toEqual([])
    const gone = { isActive: false, status: 'OFFLINE', acceptsNewTickets: false }
    expect(data).toMatchObject({ deactivateAgent: { agent: gone, userErrors: [] } })
    for (const token of tokens)
      expect(codesOf(await support.withToken(token)('{ viewer { __typename } }'))).toEqual(['UNAUTHENTICATED'])
    const revoked = (await support.events(tenant.id)).filter(({ type }) => type === 'session.revoked')
    expect(revoked).toHaveLength(2)
    const db = support.database.forTenant(tenant.id)
    const held = async ({ id }: { id: string }) => db.ticket.findFirstOrThrow({ where: { tenantId: tenant.id, id } })
    expect([(await held(open)).assigneeId, (await held(pending)).assigneeId]).toEqual([null, null])
    expect((await held(closed)).assigneeId).toBe(agent.id)
    expect((await held(lent)).returnTo).toMatchObject({ agentId: null })
    expect(await trail(tenant.id, 'agent.deactivated')).toHaveLength(1)
    // Twice is once.
    expect((await ask(deactivate, { input: { id: agent.id } })).data).toMatchObject({
      deactivateAgent: { userErrors: [] },
    })
    expect(await trail(tenant.id, 'agent.deactivated')).toHaveLength(1)

    const { data: back } = await ask(reactivate, { input: { id: agent.id } })
    const there = { isActive: true, status: 'OFFLINE', acceptsNewTickets: true }
    expect(back).toMatchObject({ reactivateAgent: { agent: there, userErrors: [] } })
    await support.logIn(agent)
    expect(codesOf(await support.withToken(tokens[0]!)('{ viewer { __typename } }'))).toEqual(['UNAUTHENTICATED'])
  })

  it('hands more than a batch of tickets to a colleague, each with the reason', async () => {
    const { tenant, agent, lead, manager } = await aTeamOfEach()
    const { id: customerId } = await support.aCustomer(tenant)
    await support.manyTickets(tenant, 5_500, [agent.id], [customerId])
    const ask = await support.asAgent(manager)
    const { data } = await ask(deactivate, { input: { id: agent.id, reassignTo: lead.id } })
    expect(data).toMatchObject({ deactivateAgent: { userErrors: [] } })
    const db = support.database.forTenant(tenant.id)
    const count = (assigneeId: string, status: string) => db.ticket.count({ where: { assigneeId, status } })
    expect([await count(lead.id, 'OPEN'), await count(agent.id, 'OPEN'), await count(agent.id, 'CLOSED')]).toEqual([
      550, 0, 4_950,
    ])
    const explanation = `Taken over from ${agent.name}, who was deactivated.`
    expect(await db.assignment.count({ where: { agentId: lead.id, strategy: 'TAKEN_OVER', explanation } })).toBe(550)
  })

  it.each([
    ['NOT_FOUND', 'id', () => ({ id: 'x' })],
    ['FORBIDDEN', 'id', (all: Awaited<ReturnType<typeof aTeamOfEach>>) => ({ id: all.admin.id })],
    ['FORBIDDEN', 'id', (all: Awaited<ReturnType<typeof aTeamOfEach>>) => ({ id: all.manager.id })],
    [
      'NOT_FOUND',
      'reassignTo',
      (all: Awaited<ReturnType<typeof aTeamOfEach>>) => ({ id: all.agent.id, reassignTo: 'x' }),
    ],
    [
      'CONFLICT',
      'reassignTo',
      (all: Awaited<ReturnType<typeof aTeamOfEach>>) => ({ id: all.agent.id, reassignTo: all.agent.id }),
    ],
  ] as const)('is not let go with %s at %s', async (code, field, inputOf) => {
    const all = await aTeamOfEach()
    const ask = await support.asAgent(all.manager)
    const { data } = await ask(deactivate, { input: inputOf(all) })
    expect(data).toEqual({ deactivateAgent: { agent: null, userErrors: refusal(code, 'input', field) } })
    expect(await trail(all.tenant.id, 'agent.deactivated')).toEqual([])
  })

  it('is not the last administrator', async () => {
    const { admin } = await aTeamOfEach()
    const ask = await support.asAgent(admin)
    const { data } = await ask(deactivate, { input: { id: admin.id } })
    expect(data).toEqual({ deactivateAgent: { agent: null, userErrors: refusal('CONFLICT', 'input') } })
  })
})

describe('an agent whom two change at once', () => {
  /** Runs `late` while a change of the agent is made and not yet committed. */
  async function whileDone(tenantId: string, data: object, id: string, late: () => Promise<{ data: unknown }>) {
    const { answer } = await support.database.transact(tenantId, async (tx) => {
      await tx.agent.updateMany({ where: { tenantId, id }, data })
      const answer = late()
      await someoneWaits(tx)
      return { answer }
    })
    return (await answer).data
  }

  it('does not come to work once deactivated', async () => {
    const { tenant, agent, lead } = await aTeamOfEach()
    const ask = await support.asAgent(lead)
    const input = { id: agent.id, status: 'ONLINE', acceptsNewTickets: true }
    const data = await whileDone(tenant.id, { isActive: false }, agent.id, () => ask(setStatus, { input }))
    expect(data).toEqual({ setAgentStatus: { agent: null, userErrors: refusal('CONFLICT', 'input', 'id') } })
  })

  it('is not demoted by a manager once an administrator', async () => {
    const { tenant, agent, manager } = await aTeamOfEach()
    const ask = await support.asAgent(manager)
    const input = { id: agent.id, role: 'SENIOR_AGENT' }
    const data = await whileDone(tenant.id, { role: 'ADMIN' }, agent.id, () => ask(update, { input }))
    expect(data).toEqual({ updateAgent: { agent: null, userErrors: refusal('FORBIDDEN', 'input', 'role') } })
  })
})

describe('a password', () => {
  const other = 'another horse battery'

  it('is changed by who knows it; the other sessions end, and no trace of either is kept', async () => {
    const { tenant, agent } = await aTeamOfEach()
    const [token, elsewhere] = [await support.logIn(agent), await support.logIn(agent)]
    const input = { currentPassword: password, newPassword: other }
    const { data } = await support.withToken(token)(change, { input })
    expect(data).toEqual({ changePassword: { agent: { id: agent.id }, userErrors: [] } })
    expect((await support.withToken(token)('{ viewer { __typename } }')).errors).toEqual([])
    expect(codesOf(await support.withToken(elsewhere)('{ viewer { __typename } }'))).toEqual(['UNAUTHENTICATED'])
    await expect(support.logIn(agent)).rejects.toThrow()
    await support.logIn({ ...agent, password: other })
    expect(await trail(tenant.id, 'agent.password_changed')).toMatchObject([{ subjectId: agent.id, changes: [] }])
    const kept = JSON.stringify(await support.asOwner('SELECT * FROM audit_entry WHERE tenant_id = $1', [tenant.id]))
    for (const secret of [password, other, 'argon2']) expect(kept).not.toContain(secret)
  })

  it.each([
    ['INVALID', 'currentPassword', { currentPassword: 'wrong password' }],
    ['INVALID', 'newPassword', { newPassword: 'short' }],
    ['TOO_LONG', 'newPassword', { newPassword: 'x'.repeat(1_025) }],
  ])('is kept with %s at %s', async (code, field, wrong) => {
    const { agent } = await aTeamOfEach()
    const input = { currentPassword: password, newPassword: other, ...wrong }
    const { data } = await (await support.asAgent(agent))(change, { input })
    expect(data).toEqual({ changePassword: { agent: null, userErrors: refusal(code, 'input', field) } })
    await support.logIn(agent)
  })

  it('cannot be guessed with a token in hand, and a service has none', async () => {
    const { tenant, agent } = await aTeamOfEach()
    const ask = await support.asAgent(agent)
    const input = { currentPassword: 'a wrong guess', newPassword: other }
    const codes = []
    for (let attempt = 1; attempt <= 11; attempt += 1) {
      const { data } = await ask<{ changePassword: { userErrors: { code: string }[] } }>(change, { input })
      codes.push(data!.changePassword.userErrors[0]?.code)
    }
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 'INVALID'), 'LIMIT_EXCEEDED'])
    const { data } = await support.asGateway({ tenantId: tenant.id })(change, { input })
    expect(data).toEqual({ changePassword: { agent: null, userErrors: refusal('FORBIDDEN') } })
  })
})

describe('who is there', () => {
  it('is filtered by state, role, activity and room, with what each has to do', async () => {
    const tenant = await support.aTenant()
    const db = support.database.forTenant(tenant.id)
    const made = async (name: string, data: object) => {
      const agent = await support.anAgent(tenant, { name, role: 'AGENT' })
      await db.agent.updateMany({ where: { id: agent.id }, data })
      return agent
    }
    const asker = await support.anAgent(tenant, { name: 'Zoe' })
    const free = await made('Free', { status: 'ONLINE', capacity: 3 })
    const full = await made('Full', { status: 'ONLINE', capacity: 1 })
    await made('Gone', { isActive: false })
    await made('Shy', { status: 'ONLINE', acceptsNewTickets: false })
    await support.aTicket(tenant, {}, { assigneeId: free.id })
    await support.aTicket(tenant, {}, { assigneeId: free.id, status: 'CLOSED', closedAt: support.clock.now() })
    await support.aTicket(tenant, {}, { assigneeId: full.id, status: 'PENDING', waitingOn: 'CUSTOMER' })
    const ask = await support.asAgent(asker)
    const query = `query ($filter: AgentFilter) { agents(filter: $filter) { nodes { name workload { open pending spare } } } }`
    const found = async (filter: object | null) => {
      const { data } = await ask<{ agents: { nodes: { name: string; workload: object }[] } }>(query, { filter })
      return data!.agents.nodes
    }
    const names = async (filter: object) => (await found(filter)).map(({ name }) => name)
    expect(await names({ status: 'ONLINE' })).toEqual(['Free', 'Full', 'Shy'])
    expect(await names({ role: 'ADMIN' })).toEqual(['Zoe'])
    expect(await names({ isActive: false })).toEqual(['Gone'])
    expect(await names({ isActive: true, status: 'OFFLINE' })).toEqual(['Zoe'])
    expect(await names({ availableOnly: true })).toEqual(['Free'])
    expect(await names({ availableOnly: false })).toHaveLength(5)
    support.statements.length = 0
    expect((await found(null)).slice(0, 2)).toEqual([
      { name: 'Free', workload: { open: 1, pending: 0, spare: 2 } },
      { name: 'Full', workload: { open: 0, pending: 1, spare: 0 } },
    ])
    expect(support.statements.filter((sql) => /FROM "public"."ticket"/.test(sql))).toHaveLength(1)
  })
})
