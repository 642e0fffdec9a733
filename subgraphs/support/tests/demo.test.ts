import { newId } from '@quimbi/database/ids.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { seedDemo } from '../src/demo/seed.ts'
import { importTickets } from '../src/tickets/import.ts'
import { createTimers } from '../src/timers/timers.ts'
import { openSupport, refusal, start, type Ask, type TestAgent, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
let admin: TestAgent
let ask: Ask
let ticket: Ticket

beforeAll(async () => {
  support = await openSupport({ max: 15 })
})
afterAll(() => support.close())
beforeEach(async () => {
  support.clock.set(start)
  tenant = await support.aTenant()
  await support.database.system.tenant.updateMany({ where: { id: tenant.id }, data: { isDemo: true } })
  admin = await support.anAgent(tenant)
  ask = await support.asAgent(admin)
  ticket = await support.aTicket(tenant, { isDemo: true, subject: 'My lamp', tags: ['damaged'] })
})

const db = () => support.database.forTenant(tenant.id)
type Payload = { userErrors: unknown[]; [field: string]: unknown }
async function call(name: string, input: object | null, fields: string, as = ask): Promise<Payload> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
  const [declared, given] = input === null ? ['', ''] : [`($input: ${type}!)`, '(input: $input)']
  const query = `mutation ${declared} { it: ${name}${given} { ${fields} userErrors { code path } } }`
  const { data, errors } = await as<{ it: Payload }>(query, input === null ? {} : { input })
  expect(errors).toEqual([])
  return data!.it
}
const say = (input: object, as = ask) =>
  call(
    'addDemoMessage',
    { ticketId: ticket.id, content: 'Hello?', fromAgent: false, ...input },
    'message { id content author { __typename } delivery { status } ticket { status } }',
    as,
  )
const reset = (ticketId: string, as = ask) =>
  call(
    'resetDemoConversation',
    { ticketId },
    'ticket { subject status priority tags { name } messages { nodes { content } } notes { nodes { content } } }',
    as,
  )
const advance = (seconds: number, as = ask) => call('advanceDemoClock', { seconds }, 'tenant { id }', as)
const typesOf = async (ticketId: string) => {
  await support.module.sequence()
  const rows = await db().loggedEvent.findMany({ where: { ticketId }, orderBy: { sequence: 'asc' } })
  return rows.map(({ type }) => type)
}
const minutes = (count: number) => support.clock.advance(count * 60_000)

describe('a message on a demo ticket', () => {
  it('is said by the customer or an agent, with all that follows, and waits for no delivery', async () => {
    minutes(1)
    const answer = await say({ fromAgent: true, content: 'Sorry to hear that.' })
    expect(answer).toMatchObject({
      message: { content: 'Sorry to hear that.', author: { __typename: 'Agent' }, delivery: null },
      userErrors: [],
    })
    expect((await db().ticket.findFirst({ where: { id: ticket.id } }))?.waitingSince).toBeNull()
    await call('setTicketStatus', { id: ticket.id, status: 'CLOSED' }, 'ticket { id }')
    minutes(1)
    const reply = await say({})
    expect(reply['message']).toMatchObject({ author: { __typename: 'Customer' }, ticket: { status: 'OPEN' } })
    expect(await typesOf(ticket.id)).toEqual(
      expect.arrayContaining(['TICKET_CREATED', 'MESSAGE_RECEIVED', 'MESSAGE_SENT']),
    )
    expect(await db().message.count({ where: { nextAttemptAt: { not: null } } })).toBe(0)
  })

  it('is refused on a real ticket, on a colleague’s, and without words', async () => {
    const real = await support.aTicket(tenant)
    expect((await say({ ticketId: real.id })).userErrors).toEqual(refusal('INVALID', 'input', 'ticketId'))
    expect((await say({ ticketId: 'x' })).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
    expect((await say({ ticketId: newId() })).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
    expect((await say({ content: ' ' })).userErrors).toEqual(refusal('REQUIRED', 'input', 'content'))
    const agent = await support.asAgent(await support.anAgent(tenant, { role: 'AGENT' }))
    expect((await say({}, agent)).userErrors).toEqual(refusal('FORBIDDEN', 'input', 'ticketId'))
    expect(await db().message.count({ where: { ticketId: { in: [ticket.id, real.id] } } })).toBe(2)
  })
})

describe('resetting a demo conversation', () => {
  it('brings back the first state, whatever happened, as often as one likes', async () => {
    const before = await db().ticket.findFirstOrThrow({ where: { id: ticket.id } })
    for (let round = 0; round < 2; round += 1) {
      minutes(1)
      await say({ fromAgent: true })
      minutes(1)
      await say({})
      await call('updateTicket', { id: ticket.id, subject: 'Another', priority: 'URGENT' }, 'ticket { id }')
      await call('tagTicket', { id: ticket.id, tags: ['x'] }, 'ticket { id }')
      await call('addNote', { ticketId: ticket.id, content: 'Hm' }, 'note { id }')
      await call('escalateTicket', { id: ticket.id, reason: 'Angry' }, 'ticket { id }')
      await call('setTicketStatus', { id: ticket.id, status: 'CLOSED' }, 'ticket { id }')
      minutes(1)
      const { ticket: shown, userErrors } = await reset(ticket.id)
      expect(userErrors).toEqual([])
      expect(shown).toMatchObject({
        ...{
          subject: 'My lamp',
          status: 'OPEN',
          priority: 'NORMAL',
          tags: [{ name: 'damaged' }],
          notes: { nodes: [] },
        },
        messages: { nodes: [{ content: 'It has not come yet.' }] },
      })
      const after = await db().ticket.findFirstOrThrow({ where: { id: ticket.id } })
      const same = [
        'assigneeId',
        'queueId',
        'teamId',
        'escalation',
        'closedAt',
        'resolution',
        'firstRepliedAt',
      ] as const
      for (const field of [...same, 'waitingSince', 'reopenCount', 'tagOrigins'] as const)
        expect(after[field], field).toEqual(before[field])
    }
    expect((await typesOf(ticket.id)).filter((type) => type === 'DEMO_RESET')).toHaveLength(2)
  })

  it('keeps all that an imported ticket came with', async () => {
    const customer = await support.aCustomer(tenant)
    const message = { authorName: 'Ada', content: 'One', createdAt: start }
    const record = {
      ...{ subject: 'Imported', channel: 'EMAIL', status: 'PENDING', waitingOn: 'CUSTOMER', isDemo: true },
      ...{ customer: { id: customer.id }, externalRef: { source: 'desk', id: '1' }, createdAt: start },
      messages: [message, { ...message, fromAgent: true, content: 'Two' }],
    }
    await support.database.transact(tenant.id, (tx) => importTickets(tx, tenant.id, [record], start))
    const { id } = await db().ticket.findFirstOrThrow({ where: { subject: 'Imported' } })
    minutes(1)
    await say({ ticketId: id, content: 'Three' })
    const { ticket: shown } = await reset(id)
    expect(shown).toMatchObject({ status: 'PENDING', messages: { nodes: [{}, {}] } })
  })

  it('is refused on a real ticket and on one that became part of another', async () => {
    const real = await support.aTicket(tenant)
    expect((await reset(real.id)).userErrors).toEqual(refusal('INVALID', 'input', 'ticketId'))
    expect((await reset('x')).userErrors).toEqual(refusal('NOT_FOUND', 'input', 'ticketId'))
    const part = await support.aTicket(tenant, { isDemo: true }, { mergedIntoId: ticket.id })
    expect((await reset(part.id)).userErrors).toEqual(refusal('CONFLICT', 'input', 'ticketId'))
  })
})

describe('clearing the demo', () => {
  it('removes demo tickets only, for admins', async () => {
    const real = await support.aTicket(tenant)
    const manager = await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' }))
    expect((await call('clearDemoData', null, 'deletedId', manager)).userErrors).toEqual(refusal('FORBIDDEN'))
    expect(await call('clearDemoData', null, 'deletedId')).toEqual({ deletedId: tenant.id, userErrors: [] })
    expect(await db().ticket.findMany({ select: { id: true } })).toEqual([{ id: real.id }])
    expect((await typesOf(ticket.id)).at(-1)).toBe('TICKET_DELETED')
    expect(await call('clearDemoData', null, 'deletedId')).toEqual({ deletedId: tenant.id, userErrors: [] })
  })
})

describe('a demo’s clock', () => {
  it('moves forward: what waited for then happens, at its own instant', async () => {
    const timers = createTimers(support)
    const until = new Date(start.getTime() + 3_600_000)
    await call('snoozeTicket', { id: ticket.id, until: until.toISOString() }, 'ticket { id }')
    expect((await advance(3_599)).userErrors).toEqual([])
    await timers.drain()
    expect(await typesOf(ticket.id)).not.toContain('WOKE')
    expect((await advance(10)).userErrors).toEqual([])
    await timers.drain()
    await support.module.sequence()
    const woke = await db().loggedEvent.findFirst({ where: { ticketId: ticket.id, type: 'WOKE' } })
    expect(woke?.occurredAt).toEqual(until)
    expect((await db().tenant.findFirst())?.clockOffsetSeconds).toBe(3_609)
    // What is asked from now on is asked then.
    const note = await call('addNote', { ticketId: ticket.id, content: 'Later' }, 'note { createdAt }')
    expect(note['note']).toEqual({ createdAt: '2026-11-21T11:00:09.000Z' })
    expect(await db().auditEntry.count({ where: { action: 'demo.clock_advanced' } })).toBe(2)
    await timers.stop()
  })

  it('takes messages that are held along, but not those on their way', async () => {
    const at = new Date(start.getTime() + 60_000)
    for (const deliveryStatus of ['HELD', 'SENDING'])
      await support.aMessage(ticket, { deliveryStatus, nextAttemptAt: at })
    await advance(60)
    const rows = await db().message.findMany({
      where: { deliveryStatus: { not: null } },
      orderBy: { deliveryStatus: 'asc' },
    })
    expect(rows.map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([start, at])
  })

  it('moves by a second to 30 days, for managers, and in a demo only', async () => {
    for (const seconds of [0, -5, 30 * 86_400 + 1])
      expect((await advance(seconds)).userErrors).toEqual(refusal('INVALID', 'input', 'seconds'))
    const lead = await support.asAgent(await support.anAgent(tenant, { role: 'TEAM_LEAD' }))
    expect((await advance(1, lead)).userErrors).toEqual(refusal('FORBIDDEN'))
    await support.database.system.tenant.updateMany({ where: { id: tenant.id }, data: { isDemo: false } })
    expect((await advance(1)).userErrors).toEqual(refusal('INVALID'))
    expect((await db().tenant.findFirst())?.clockOffsetSeconds).toBe(0)
  })

  it('adds up when it is moved by two at once', async () => {
    await Promise.all([advance(10), advance(20)])
    expect((await db().tenant.findFirst())?.clockOffsetSeconds).toBe(30)
  })
})

describe('the demo world', () => {
  it('shows what there is: clocks that are late, nearly so, in time and paused, notes, escalations, plans, ratings, rules, policies; once', async () => {
    const seeded = await seedDemo(support.database, start)
    const { system } = support.database
    const where = { tenantId: seeded!.tenantId }
    const busy = await system.ticket.findMany({
      where: { ...where, slaStatus: { not: null } },
      orderBy: { createdAt: 'asc' },
    })
    expect(busy.map(({ slaStatus }) => slaStatus)).toEqual([
      'PENDING',
      'BREACHING',
      'PENDING',
      'IMMINENT_BREACH',
      'PENDING',
    ])
    const { clocks } = await system.ticketSla.findFirstOrThrow({ where: { ...where, ticketId: busy[0]!.id } })
    expect(clocks).toContainEqual(expect.objectContaining({ metric: 'REQUESTER_WAIT', status: 'PAUSED' }))
    expect(busy[1]?.escalation).toMatchObject({ level: 1 })
    expect(busy[2]).toMatchObject({ waitingOn: 'SNOOZE', followUpNote: 'Did the bulb fit?' })
    const ratings = await system.satisfaction.findMany({ where })
    expect(new Set(ratings.map(({ score }) => score))).toEqual(new Set([1, 2, 3, 4, 5]))
    expect(ratings.every(({ answeredAt }) => answeredAt < start)).toBe(true)
    expect(await system.webhookEndpoint.findMany({ where })).toMatchObject([{ isActive: false }])
    expect(await system.note.findFirst({ where })).toMatchObject({ mentionIds: [expect.any(String)] })
    const count = [
      await system.team.count({ where }),
      await system.policy.count({ where }),
      await system.slaPolicy.count({ where }),
      await system.businessCalendar.count({ where }),
      await system.customer.count({ where: { ...where, insightAt: { not: null } } }),
    ]
    expect(count).toEqual([2, 6, 1, 1, 8])
    expect(await system.automationRule.count({ where })).toBeGreaterThan(3)
    expect(await system.ticket.count({ where: { ...where, isDemo: false } })).toBe(0)
    expect(await seedDemo(support.database, start)).toBeNull()
  })

  it('has the same ids in every database and at any time, and others with another seed', async () => {
    const idsOf = async ({ database }: TestSupport) => {
      const { system } = database
      const rows = async (table: string, column = 'id') => {
        const found = await system.$queryRawUnsafe<{ id: string }[]>(
          `SELECT ${column}::text AS id FROM ${table} WHERE tenant_id = (SELECT id FROM tenant WHERE slug = 'demo') ORDER BY 1`,
        )
        return [table, found.map(({ id }) => id)] as const
      }
      const named = ['agent', 'team', 'queue', 'customer', 'ticket', 'message', 'note', 'sla_policy', 'audit_entry']
      return [await rows('outbox', 'event_id'), ...(await Promise.all(named.map((table) => rows(table))))]
    }
    const others = [await openSupport(), await openSupport()] as const
    try {
      await seedDemo(support.database, start)
      await seedDemo(others[0].database, new Date(start.getTime() + 86_400_000))
      await seedDemo(others[1].database, start, 2)
      const [one, same, another] = [await idsOf(support), await idsOf(others[0]), await idsOf(others[1])]
      expect(same).toEqual(one)
      for (const [index, [table, ids]] of one.entries()) {
        expect(ids.length, table).toBeGreaterThan(0)
        expect(
          another[index]?.[1].filter((id) => ids.includes(id)),
          table,
        ).toEqual([])
      }
    } finally {
      for (const other of others) await other.close()
    }
  })
})

describe('beside real tickets', () => {
  it('nothing is played once the demo mode is off; what is there can be read, changed and removed', async () => {
    const shop = await support.aTenant()
    const asAdmin = await support.asAgent(await support.anAgent(shop))
    const setMode = async (demoMode: boolean) => {
      const query = `mutation ($input: TenantSettingsInput!) { updateTenantSettings(input: $input) { userErrors { code } } }`
      expect((await asAdmin(query, { input: { demoMode } })).data).toEqual({ updateTenantSettings: { userErrors: [] } })
    }
    await setMode(true)
    const { id: customerId } = await support.aCustomer(shop)
    const { id } = await support.aTicket(shop, { isDemo: true, customerId })
    const said = { ticketId: id, content: 'Hello?' }
    const addSaid = () => call('addDemoMessage', { ...said, fromAgent: false }, 'message { id }', asAdmin)
    const second = ((await addSaid())['message'] as { id: string }).id
    const opening = { customerId, subject: 'My lamp', initialMessage: 'Broken.', channel: 'EMAIL', isDemo: true }
    const played = async () => [
      (await call('createTicket', opening, 'ticket { id }', asAdmin)).userErrors,
      (await addSaid()).userErrors,
      (await call('splitTicket', { id, messageIds: [second], subject: 'Part' }, 'ticket { id }', asAdmin)).userErrors,
      (await call('sendMessage', { ...said, idempotencyKey: crypto.randomUUID() }, 'message { id }', asAdmin))
        .userErrors,
      (await reset(id, asAdmin)).userErrors,
    ]
    await setMode(false)
    const places = [['isDemo'], ['ticketId'], ['id'], ['ticketId'], ['ticketId']]
    expect(await played()).toEqual(places.map((path) => refusal('INVALID', 'input', ...path)))
    const changed = await call('updateTicket', { id, subject: 'Still here' }, 'ticket { subject }', asAdmin)
    expect(changed).toMatchObject({ ticket: { subject: 'Still here' }, userErrors: [] })
    await setMode(true)
    expect(await played()).toEqual(places.map(() => []))
    await setMode(false)
    expect((await call('clearDemoData', null, 'deletedId', asAdmin)).userErrors).toEqual([])
    expect(await support.database.forTenant(shop.id).ticket.count()).toBe(0)
  })
})
