import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Prisma, Tenant } from '../generated/prisma/client.ts'
import { openSupport, refusal, type Ask, type TestAgent, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport({ max: 20 })))
afterAll(() => support.close())

const answer =
  '{ ticket { number assignee { id } assignments { agent { id } strategy explanation endedAt } } userErrors { code path } }'
const assign = `mutation ($input: AssignTicketInput!) { assignTicket(input: $input) ${answer} }`
const outcome = '{ ticket { id number assignee { id } } agent { id } explanation userErrors { code path } }'
const auto = `mutation ($input: AutoAssignTicketInput!) { autoAssignTicket(input: $input) ${outcome} }`
const next = `mutation ($input: AssignNextTicketInput!) { assignNextTicket(input: $input) ${outcome} }`
const transfer = `mutation ($input: TransferTicketInput!) { transferTicket(input: $input) {
  ticket { number assignee { id } team { name } assignments { agent { id } strategy } } userErrors { code path } } }`

type Assigned = {
  autoAssignTicket: { agent: { id: string } | null; explanation: string; userErrors: { code: string }[] }
}
type Next = {
  assignNextTicket: {
    ticket: { id: string } | null
    agent: { id: string } | null
    explanation: string | null
    userErrors: { code: string }[]
  }
}

/** An agent at work, past the service. */
async function atWork(tenant: Tenant, changes: Prisma.AgentUncheckedUpdateManyInput = {}): Promise<TestAgent> {
  const agent = await support.anAgent(tenant, { role: 'AGENT' })
  await support.database
    .forTenant(tenant.id)
    .agent.updateMany({ where: { id: agent.id }, data: { status: 'ONLINE', ...changes } })
  return agent
}

async function aQueue(tenant: Tenant, queue: Partial<Prisma.QueueUncheckedCreateInput> = {}): Promise<string> {
  const id = newId()
  const data = { tenantId: tenant.id, id, name: `Queue ${id}`, priorityOrder: 9, createdAt: support.clock.now() }
  await support.database.forTenant(tenant.id).queue.create({ data: { ...data, ...queue } })
  return id
}

async function aTeam(tenant: Tenant, ...members: TestAgent[]): Promise<string> {
  const id = newId()
  const db = support.database.forTenant(tenant.id)
  await db.team.create({ data: { tenantId: tenant.id, id, name: `Team ${id}`, createdAt: support.clock.now() } })
  const rows = members.map((agent) => ({ tenantId: tenant.id, teamId: id, agentId: agent.id }))
  await db.teamMember.createMany({ data: rows })
  return id
}

async function setting(): Promise<{ tenant: Tenant; lead: TestAgent; ask: Ask }> {
  const tenant = await support.aTenant()
  const lead = await support.anAgent(tenant, { role: 'TEAM_LEAD', name: 'Lena' })
  return { tenant, lead, ask: await support.asAgent(lead) }
}

const history = (tenantId: string, ticketId: string) =>
  support.asOwner<{ type: string; payload: { reason?: string; actor: unknown } }>(
    `SELECT type, payload FROM outbox WHERE tenant_id = $1 AND ticket_id = $2
     UNION ALL SELECT type, payload FROM event_log WHERE tenant_id = $1 AND ticket_id = $2`,
    [tenantId, ticketId],
  )

describe('assigning by hand', () => {
  it('keeps who had it, newest first, with the reason, beyond anybody’s capacity', async () => {
    const { tenant, lead, ask } = await setting()
    const full = await atWork(tenant, { capacity: 0 })
    const { id, number } = await support.aTicket(tenant)
    await ask(assign, { input: { id, agentId: full.id } })
    support.clock.advance(1_000)
    const { data, errors } = await ask(assign, { input: { id, agentId: lead.id } })
    expect(errors).toEqual([])
    expect(data).toEqual({
      assignTicket: {
        ticket: {
          number,
          assignee: { id: lead.id },
          assignments: [
            { agent: { id: lead.id }, strategy: 'TAKEN', explanation: 'Lena took it.', endedAt: null },
            {
              agent: { id: full.id },
              strategy: 'MANUAL',
              explanation: `Assigned to ${full.name} by hand.`,
              endedAt: support.clock.now().toISOString(),
            },
          ],
        },
        userErrors: [],
      },
    })
    expect((await history(tenant.id, id)).filter(({ type }) => type === 'ASSIGNED')).toHaveLength(2)
  })

  it('gives back, and does nothing where nothing changes', async () => {
    const { tenant, lead, ask } = await setting()
    const { id } = await support.aTicket(tenant)
    for (const agentId of [null, lead.id, lead.id, null, null]) {
      const { data } = await ask(assign, { input: { id, agentId } })
      expect(data).toMatchObject({ assignTicket: { ticket: { assignee: agentId && { id: agentId } }, userErrors: [] } })
    }
    const types = (await history(tenant.id, id)).map(({ type }) => type)
    expect(types.filter((type) => type.endsWith('ASSIGNED')).toSorted()).toEqual(['ASSIGNED', 'UNASSIGNED'])
  })

  it('lets an agent take what nobody has, for themselves alone', async () => {
    const { tenant, lead } = await setting()
    const agent = await support.anAgent(tenant, { role: 'AGENT' })
    const ask = await support.asAgent(agent)
    const { id } = await support.aTicket(tenant)
    const tried = async (agentId: string | null) => (await ask(assign, { input: { id, agentId } })).data
    expect(await tried(lead.id)).toEqual({ assignTicket: { ticket: null, userErrors: refusal('FORBIDDEN') } })
    expect(await tried(agent.id)).toMatchObject({ assignTicket: { userErrors: [] } })
    expect(await tried(lead.id)).toMatchObject({ assignTicket: { userErrors: refusal('FORBIDDEN') } })
    expect(await tried(null)).toMatchObject({ assignTicket: { userErrors: [] } })
    await (
      await support.asAgent(lead)
    )(assign, { input: { id, agentId: lead.id } })
    expect(await tried(agent.id)).toMatchObject({ assignTicket: { userErrors: refusal('NOT_FOUND', 'input', 'id') } })
  })

  it('is refused to whoever is gone, unknown or another tenant’s', async () => {
    const { tenant, ask } = await setting()
    const gone = await atWork(tenant, { isActive: false })
    const stranger = await support.anAgent(await support.aTenant())
    const { id } = await support.aTicket(tenant)
    const tried = async (input: object) => (await ask(assign, { input })).data
    const refused = (code: string, field: string) => ({
      assignTicket: { ticket: null, userErrors: refusal(code, 'input', field) },
    })
    expect(await tried({ id, agentId: gone.id })).toEqual(refused('CONFLICT', 'agentId'))
    for (const agentId of [stranger.id, 'x', crypto.randomUUID()])
      expect(await tried({ id, agentId })).toEqual(refused('NOT_FOUND', 'agentId'))
    const foreign = await support.aTicket(await support.aTenant())
    for (const wrong of [foreign.id, 'x', crypto.randomUUID()])
      expect(await tried({ id: wrong, agentId: gone.id })).toEqual(refused('NOT_FOUND', 'id'))
  })
})

describe('assigning by strategy', () => {
  it('chooses by skills, team, VIP and room, and says why', async () => {
    const { tenant, ask } = await setting()
    const skilled = await atWork(tenant, { skills: ['refunds'], capacity: 5 })
    const [member] = [await atWork(tenant, { capacity: 1 }), await atWork(tenant, { capacity: 50 })]
    const refunds = await aQueue(tenant, { skills: ['Refunds'] })
    const tried = async (and: Prisma.TicketUncheckedUpdateManyInput) => {
      const { id } = await support.aTicket(tenant, {}, and)
      return (await ask<Assigned>(auto, { input: { id } })).data!.autoAssignTicket
    }
    const first = await tried({ queueId: refunds })
    expect([first.agent, first.explanation]).toEqual([
      { id: skilled.id },
      `${skilled.name} is good at refunds, has room: 0 of 5 tickets.`,
    ])
    const teamId = await aTeam(tenant, member)
    expect((await tried({ teamId })).agent).toEqual({ id: member.id })
    // The one member is full now; the others are not of the team.
    expect(await tried({ teamId })).toEqual({
      ticket: null,
      agent: null,
      explanation: null,
      userErrors: refusal('OVER_CAPACITY', 'input', 'id'),
    })
    const senior = await atWork(tenant, { role: 'SENIOR_AGENT', capacity: 1 })
    const customer = await support.aCustomer(tenant)
    await support.database
      .forTenant(tenant.id)
      .customer.updateMany({ where: { id: customer.id }, data: { isVip: true } })
    const { id } = await support.aTicket(tenant, { customerId: customer.id })
    expect((await ask<Assigned>(auto, { input: { id } })).data!.autoAssignTicket.agent).toEqual({ id: senior.id })
  })

  it('takes nobody who is away, full of pending tickets, wants none or is gone', async () => {
    const { tenant, ask } = await setting()
    const away = [{ status: 'BUSY' }, { status: 'OFFLINE' }, { acceptsNewTickets: false }, { isActive: false }]
    for (const changes of away) await atWork(tenant, changes)
    const full = await atWork(tenant, { capacity: 1 })
    await support.aTicket(tenant, {}, { assigneeId: full.id, status: 'PENDING', waitingOn: 'CUSTOMER' })
    const { id } = await support.aTicket(tenant)
    const { data } = await ask<Assigned>(auto, { input: { id, strategy: 'LEAST_LOADED' } })
    expect(data!.autoAssignTicket.userErrors).toEqual(refusal('OVER_CAPACITY', 'input', 'id'))
  })

  it('takes turns also within one instant', async () => {
    const { tenant, ask } = await setting()
    const agents = [await atWork(tenant), await atWork(tenant), await atWork(tenant)]
    const seen: (string | undefined)[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const { id } = await support.aTicket(tenant)
      const { data } = await ask<Assigned>(auto, { input: { id, strategy: 'ROUND_ROBIN' } })
      seen.push(data!.autoAssignTicket.agent?.id)
    }
    expect(seen.slice(0, 3)).toEqual(seen.slice(3))
    expect(new Set(seen)).toEqual(new Set(agents.map(({ id }) => id)))
  })

  it('is refused for what somebody has, and what is closed', async () => {
    const { tenant, lead, ask } = await setting()
    await atWork(tenant)
    for (const and of [{ assigneeId: lead.id }, { status: 'CLOSED', closedAt: support.clock.now() }]) {
      const { id } = await support.aTicket(tenant, {}, and)
      const { data } = await ask<Assigned>(auto, { input: { id } })
      expect(data!.autoAssignTicket.userErrors).toEqual(refusal('CONFLICT', 'input', 'id'))
    }
  })

  it('never exceeds a capacity nor gives a ticket twice, with twenty runs at once over thirty tickets', async () => {
    const { tenant, ask } = await setting()
    const agents = []
    for (let index = 0; index < 5; index += 1) agents.push(await atWork(tenant, { capacity: 4 }))
    const tickets: string[] = []
    for (let index = 0; index < 30; index += 1) tickets.push((await support.aTicket(tenant)).id)
    const strategies = ['BEST_FIT', 'LEAST_LOADED', 'ROUND_ROBIN']
    // Each ticket is asked for twice, and next tickets are taken meanwhile.
    const calls = [...tickets, ...tickets].map(
      (id, index) => () => ask<Assigned>(auto, { input: { id, strategy: strategies[index % 3] } }),
    )
    const runs = Array.from({ length: 20 }, async (_, run) => {
      const codes: string[] = []
      for (const call of calls.filter((_one, index) => index % 20 === run)) {
        const { data, errors } = await call()
        expect(errors).toEqual([])
        codes.push(data!.autoAssignTicket.userErrors[0]?.code ?? 'ASSIGNED')
      }
      return codes
    })
    const taking = agents.map((agent) => ask<Next>(next, { input: { agentId: agent.id } }))
    const codes = (await Promise.all(runs)).flat()
    const taken = (await Promise.all(taking)).filter(({ data }) => data!.assignNextTicket.ticket !== null)
    expect(codes.filter((code) => code === 'ASSIGNED').length + taken.length).toBe(20)
    expect(new Set(codes)).toEqual(new Set(['ASSIGNED', 'CONFLICT', 'OVER_CAPACITY']))
    const held = await support.asOwner<{ count: number }>(
      `SELECT count(*)::int AS count FROM ticket WHERE tenant_id = $1 AND assignee_id IS NOT NULL GROUP BY assignee_id`,
      [tenant.id],
    )
    expect(held.map(({ count }) => count)).toEqual([4, 4, 4, 4, 4])
    const periods = await support.asOwner(
      'SELECT DISTINCT ticket_id FROM assignment WHERE tenant_id = $1 AND ended_at IS NULL',
      [tenant.id],
    )
    const all = await support.asOwner('SELECT 1 FROM assignment WHERE tenant_id = $1', [tenant.id])
    expect([periods.length, all.length]).toEqual([20, 20])
  })
})

describe('the next ticket', () => {
  it('is the highest of the inbox that fits skills and teams, until there is none', async () => {
    const { tenant } = await setting()
    const agent = await atWork(tenant, { skills: ['refunds'], status: 'OFFLINE' })
    const ask = await support.asAgent(agent)
    const other = await aTeam(tenant)
    const own = await aTeam(tenant, agent)
    const vat = await aQueue(tenant, { skills: ['vat'] })
    const served = await aQueue(tenant, { skills: ['Refunds'], teamId: own })
    const foreign = await aQueue(tenant, { teamId: other })
    const make = async (rank: number, and: Prisma.TicketUncheckedUpdateManyInput = {}) =>
      (await support.aTicket(tenant, {}, { rank, ...and })).id
    await make(9, { queueId: vat })
    await make(9, { queueId: foreign })
    await make(9, { teamId: other })
    await make(9, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    const [third, first, second] = [await make(1), await make(8, { queueId: served }), await make(7, { teamId: own })]
    const given: (string | undefined)[] = []
    for (let turn = 0; turn < 4; turn += 1) {
      const { data } = await ask<Next>(next, { input: { agentId: agent.id } })
      expect(data!.assignNextTicket.userErrors).toEqual([])
      given.push(data!.assignNextTicket.ticket?.id)
      if (turn === 0) expect(data!.assignNextTicket.explanation).toMatch(/^#\d+ stands highest of the tickets/)
      if (turn === 3)
        expect(data!.assignNextTicket).toMatchObject({
          agent: null,
          explanation: `No ticket that nobody has fits ${agent.name}.`,
        })
    }
    expect(given).toEqual([first, second, third, undefined])
  })

  it('goes by the score where the formula has no index', async () => {
    const { tenant, lead, ask } = await setting()
    await support.database.system.tenant.updateMany({ where: { id: tenant.id }, data: { scoringVersion: 'SEED_V1' } })
    const old = support.clock.now().getTime() - 10 * 3_600_000
    await support.aTicket(tenant, {}, { rank: 5, createdAt: new Date(old) })
    const fresh = await support.aTicket(tenant, {}, { rank: 4.5 })
    const { data } = await ask<Next>(next, { input: { agentId: lead.id } })
    expect(data!.assignNextTicket.ticket?.id).toBe(fresh.id)
  })

  it('is refused without room, and for others to who may not assign', async () => {
    const { tenant, lead } = await setting()
    const agent = await atWork(tenant, { capacity: 0 })
    const ask = await support.asAgent(agent)
    const tried = async (agentId: string) =>
      (await ask<Next>(next, { input: { agentId } })).data!.assignNextTicket.userErrors
    expect(await tried(agent.id)).toEqual(refusal('OVER_CAPACITY', 'input', 'agentId'))
    expect(await tried(lead.id)).toEqual(refusal('FORBIDDEN'))
    const byLead = await support.asAgent(lead)
    for (const agentId of ['x', crypto.randomUUID()]) {
      const { data } = await byLead<Next>(next, { input: { agentId } })
      expect(data!.assignNextTicket.userErrors).toEqual(refusal('NOT_FOUND', 'input', 'agentId'))
    }
  })
})

describe('a transfer', () => {
  it('to a queue brings its team, leaves it to nobody, keeps a note and where it comes back to', async () => {
    const { tenant, lead, ask } = await setting()
    const teamId = await aTeam(tenant, lead)
    const toQueueId = await aQueue(tenant, { name: 'Returns', teamId })
    const { id, queueId } = await support.aTicket(tenant, {}, { assigneeId: lead.id })
    const returnAt = new Date(support.clock.now().getTime() + 3_600_000).toISOString()
    const { data, errors } = await ask(transfer, { input: { id, toQueueId, note: 'Please look.', returnAt } })
    expect(errors).toEqual([])
    expect(data).toMatchObject({
      transferTicket: { ticket: { assignee: null, team: { name: `Team ${teamId}` } }, userErrors: [] },
    })
    const db = support.database.forTenant(tenant.id)
    const ticket = await db.ticket.findFirstOrThrow({ where: { id } })
    const since = support.clock.now().toISOString()
    expect(ticket).toMatchObject({
      queueId: toQueueId,
      teamId,
      returnTo: { agentId: lead.id, teamId: null, queueId, since },
      returnAt: new Date(returnAt),
    })
    expect(ticket.nextTimerAt!.getTime()).toBeLessThanOrEqual(new Date(returnAt).getTime())
    expect(await db.note.findMany({ where: { ticketId: id } })).toMatchObject([{ content: 'Please look.' }])
    const events = await history(tenant.id, id)
    const reason = 'Handed on to the queue Returns.'
    expect(events.find(({ type }) => type === 'TRANSFERRED')?.payload).toMatchObject({ reason })
    expect(events.map(({ type }) => type)).toContain('NOTE_ADDED')
    expect(JSON.stringify(events)).not.toContain('Please look.')
  })

  it('to an agent is an assignment, and takes back an earlier return', async () => {
    const { tenant, lead, ask } = await setting()
    const heir = await atWork(tenant)
    const { id } = await support.aTicket(tenant, {}, { returnTo: {}, returnAt: support.clock.now() })
    const { data } = await ask(transfer, { input: { id, toAgentId: heir.id } })
    const assignments = [{ agent: { id: heir.id }, strategy: 'TRANSFER' }]
    expect(data).toMatchObject({
      transferTicket: { ticket: { assignee: { id: heir.id }, assignments }, userErrors: [] },
    })
    const where = { id, tenantId: lead.tenantId }
    const ticket = await support.database.forTenant(tenant.id).ticket.findFirstOrThrow({ where })
    expect([ticket.returnTo, ticket.returnAt]).toEqual([null, null])
  })

  it('of one’s own ticket may go to a queue or team, to an agent only by who may assign', async () => {
    const { tenant, lead } = await setting()
    const agent = await atWork(tenant)
    const ask = await support.asAgent(agent)
    const toTeamId = await aTeam(tenant)
    const { id } = await support.aTicket(tenant, {}, { assigneeId: agent.id })
    const tried = async (input: object) => (await ask(transfer, { input: { id, ...input } })).data
    expect(await tried({ toAgentId: lead.id })).toMatchObject({
      transferTicket: { userErrors: refusal('FORBIDDEN', 'input', 'toAgentId') },
    })
    expect(await tried({ toTeamId })).toMatchObject({ transferTicket: { userErrors: [] } })
    // It is nobody's now.
    expect(await tried({ toTeamId })).toMatchObject({
      transferTicket: { userErrors: refusal('FORBIDDEN', 'input', 'id') },
    })
  })

  it('is refused where it leads nowhere', async () => {
    const { tenant, ask } = await setting()
    const gone = await atWork(tenant, { isActive: false })
    const { id } = await support.aTicket(tenant)
    const closed = await support.aTicket(tenant, {}, { status: 'CLOSED', closedAt: support.clock.now() })
    const foreign = await aQueue(await support.aTenant())
    const toTeamId = await aTeam(tenant)
    const cases: [string, string[], object][] = [
      ['REQUIRED', ['input'], { id }],
      ['NOT_FOUND', ['input', 'toQueueId'], { id, toQueueId: foreign }],
      ['NOT_FOUND', ['input', 'toQueueId'], { id, toQueueId: 'x' }],
      ['NOT_FOUND', ['input', 'toTeamId'], { id, toTeamId: 'x' }],
      ['NOT_FOUND', ['input', 'toAgentId'], { id, toAgentId: 'x' }],
      ['CONFLICT', ['input', 'toAgentId'], { id, toAgentId: gone.id }],
      ['REQUIRED', ['input', 'note'], { id, toTeamId, note: ' ' }],
      ['INVALID', ['input', 'returnAt'], { id, toTeamId, returnAt: support.clock.now().toISOString() }],
      ['INVALID_TRANSITION', ['input', 'id'], { id: closed.id, toTeamId }],
      ['NOT_FOUND', ['input', 'id'], { id: 'x', toTeamId }],
    ]
    for (const [code, path, input] of cases) {
      const { data, errors } = await ask(transfer, { input })
      expect([errors, data]).toEqual([[], { transferTicket: { ticket: null, userErrors: refusal(code, ...path) } }])
    }
  })
})
