import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { systemActor } from '../src/log/actors.ts'
import { changeTicket } from '../src/tickets/change.ts'
import type { Step } from '../src/tickets/steps.ts'
import { codesOf, openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
let tenant: Tenant
let manager: Ask
beforeAll(async () => {
  support = await openSupport()
})
beforeEach(async () => {
  support.clock.set(start)
  tenant = await support.aTenant()
  manager = await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' }))
})
afterAll(() => support.close())

const fields = 'userErrors { code path }'
const saveCalendar = `mutation ($input: SaveBusinessCalendarInput!) { saveBusinessCalendar(input: $input) {
  calendar { id name timeZone weekly { weekday opensAt closesAt } holidays { date name } } ${fields} } }`
const savePolicy = `mutation ($input: SaveSlaPolicyInput!) { saveSlaPolicy(input: $input) {
  policy { id name version order conditions isActive calendar { id name }
    targets { metric priority seconds warnBeforeSeconds businessHours } } ${fields} } }`
const clocks = `query ($id: ID!) { ticket(id: $id) { nextBreachAt sla {
  metric status startedAt breachAt satisfiedAt elapsedSeconds explanation policy { id version name }
  intervals { from to counted reason } } } }`

type Saved<K extends string, T> = Record<K, T & { userErrors: object[] }>
type SavedCalendar = Saved<'saveBusinessCalendar', { calendar: { id: string } | null }>
type SavedPolicy = Saved<'saveSlaPolicy', { policy: { id: string; version: number } | null }>
type Looked = { ticket: { nextBreachAt: string; sla: Record<string, unknown>[] } }

const hours = (opensAt = '09:00:00', closesAt = '17:00:00', weekdays = [1, 2, 3, 4, 5, 6, 7]) =>
  weekdays.map((weekday) => ({ weekday, opensAt, closesAt }))
const calendar = {
  name: 'Shop',
  timeZone: 'UTC',
  weekly: hours(),
  holidays: [{ date: '2026-12-25', name: 'Christmas' }],
}
const target = { metric: 'FIRST_RESPONSE', priority: 'NORMAL', seconds: 3_600, businessHours: false }
const policy = { name: 'Standard', order: 1, conditions: {}, targets: [target] }

async function aCalendar(input: object = calendar, ask = manager) {
  const { data } = await ask<SavedCalendar>(saveCalendar, { input })
  return data?.saveBusinessCalendar
}
async function aPolicy(input: object = policy, ask = manager) {
  const { data, errors } = await ask<SavedPolicy>(savePolicy, { input })
  expect(errors).toEqual([])
  return data?.saveSlaPolicy
}
const look = async ({ id }: Ticket, ask = manager) => (await ask<Looked>(clocks, { id })).data?.ticket
const eventsOf = async ({ id }: Ticket) => {
  const rows = await support.asOwner<{ type: string; at: Date }>(
    `SELECT type, occurred_at AS at FROM (SELECT id, type, occurred_at, ticket_id FROM outbox UNION ALL
     SELECT position, type, occurred_at, ticket_id FROM event_log) AS e WHERE ticket_id = $1 AND type LIKE 'SLA%' ORDER BY at`,
    [id],
  )
  return rows.map(({ type, at }) => [type, at.toISOString()])
}

describe('calendars and policies', () => {
  it('are saved, listed, and saved again as another version', async () => {
    const saved = await aCalendar()
    expect(saved).toMatchObject({ calendar, userErrors: [] })
    const id = saved?.calendar?.id
    const first = await aPolicy({ ...policy, calendarId: id, targets: [{ ...target, businessHours: true }] })
    expect(first?.policy).toMatchObject({
      version: 1,
      isActive: true,
      calendar: { id },
      targets: [{ ...target, businessHours: true, warnBeforeSeconds: 900 }],
    })
    const second = await aPolicy({ ...policy, id: first?.policy?.id, name: 'Better', isActive: false })
    expect(second?.policy).toMatchObject({ id: first?.policy?.id, version: 2, name: 'Better', calendar: null })
    const { data } = await manager<object>('{ slaPolicies { id version isActive } businessCalendars { id name } }')
    expect(data).toEqual({
      slaPolicies: [{ id: first?.policy?.id, version: 2, isActive: false }],
      businessCalendars: [{ id, name: 'Shop' }],
    })
    const audit = await support.database
      .forTenant(tenant.id)
      .auditEntry.findMany({ where: { subjectType: 'SlaPolicy' } })
    expect(audit.map(({ action }) => action)).toEqual(['sla_policy.saved', 'sla_policy.saved'])
  })

  it('are versions one after the other, also when saved at once', async () => {
    const id = (await aPolicy())?.policy?.id
    const saved = await Promise.all(Array.from({ length: 5 }, () => aPolicy({ ...policy, id })))
    expect(saved.map((one) => one?.policy?.version).sort()).toEqual([2, 3, 4, 5, 6])
  })

  it('are a manager’s to change, a team lead’s to see', async () => {
    const lead = await support.asAgent(await support.anAgent(tenant, { role: 'TEAM_LEAD' }))
    expect((await aPolicy(policy, lead))?.userErrors).toEqual(refusal('FORBIDDEN'))
    expect((await aCalendar(calendar, lead))?.userErrors).toEqual(refusal('FORBIDDEN'))
    expect((await lead('{ slaPolicies { id } }')).errors).toEqual([])
    const agent = await support.asAgent(await support.anAgent(tenant, { role: 'AGENT' }))
    expect(codesOf(await agent('{ slaPolicies { id } }'))).toEqual(['FORBIDDEN'])
    expect(codesOf(await agent('{ businessCalendars { id } }'))).toEqual(['FORBIDDEN'])
  })

  it.each<[string, object, string, string[]]>([
    ['no opening', { weekly: [] }, 'INVALID', ['weekly']],
    ['no such time zone', { timeZone: 'Mars/Olympus' }, 'INVALID', ['timeZone']],
    ['an offset for a time zone', { timeZone: '+05:30' }, 'INVALID', ['timeZone']],
    ['no such weekday', { weekly: hours('09:00:00', '17:00:00', [8]) }, 'INVALID', ['weekly', '0', 'weekday']],
    ['no time', { weekly: hours('9:00', '17:00:00') }, 'INVALID', ['weekly', '0', 'opensAt']],
    ['no end of a day', { weekly: hours('09:00:00', '24:00:01') }, 'INVALID', ['weekly', '0', 'closesAt']],
    ['closing before opening', { weekly: hours('17:00:00', '09:00:00') }, 'INVALID', ['weekly', '0', 'closesAt']],
    ['hours that overlap', { weekly: [...hours(), ...hours('16:59:59', '24:00:00', [3])] }, 'INVALID', ['weekly']],
    ['no such day', { holidays: [{ date: '2026-02-30', name: 'x' }] }, 'INVALID', ['holidays', '0', 'date']],
    ['an id of nothing', { id: '0198a000-0000-7000-8000-000000000001' }, 'NOT_FOUND', ['id']],
    ['no name', { name: ' ' }, 'REQUIRED', ['name']],
  ])('refuse a calendar with %s', async (_name, change, code, path) => {
    expect((await aCalendar({ ...calendar, ...change }))?.userErrors).toEqual(refusal(code, 'input', ...path))
  })

  it.each<[string, object, string, string[]]>([
    ['an unknown field', { conditions: { field: 'mood', op: 'eq', value: 'x' } }, 'INVALID', ['conditions']],
    ['a condition on the past', { conditions: { field: 'priority', op: 'changed' } }, 'INVALID', ['conditions']],
    ['business hours of no calendar', { targets: [{ ...target, businessHours: true }] }, 'REQUIRED', ['calendarId']],
    ['an id of no calendar', { calendarId: 'x' }, 'NOT_FOUND', ['calendarId']],
    ['two targets for one thing', { targets: [target, target] }, 'INVALID', ['targets']],
    ['no time at all', { targets: [{ ...target, seconds: 0 }] }, 'INVALID', ['targets', '0', 'seconds']],
    [
      'a warning too late',
      { targets: [{ ...target, warnBeforeSeconds: -1 }] },
      'INVALID',
      ['targets', '0', 'warnBeforeSeconds'],
    ],
    ['an id of nothing', { id: 'x' }, 'NOT_FOUND', ['id']],
  ])('refuse a policy with %s', async (_name, change, code, path) => {
    expect((await aPolicy({ ...policy, ...change }))?.userErrors).toEqual(refusal(code, 'input', ...path))
  })

  it('of another tenant are nothing', async () => {
    const id = (await aCalendar())?.calendar?.id
    const other = await support.asAgent(await support.anAgent(await support.aTenant(), { role: 'MANAGER' }))
    expect((await aCalendar({ ...calendar, id }, other))?.userErrors).toEqual(refusal('NOT_FOUND', 'input', 'id'))
    expect((await other<object>('{ businessCalendars { id } }')).data).toEqual({ businessCalendars: [] })
  })
})

describe('a ticket’s clocks', () => {
  it('are those of this moment, with a sentence', async () => {
    const saved = await aPolicy()
    const ticket = await support.aTicket(tenant)
    support.clock.advance(600_000)
    expect(await look(ticket)).toEqual({
      nextBreachAt: '2026-11-21T11:00:00.000Z',
      sla: [
        {
          metric: 'FIRST_RESPONSE',
          status: 'PENDING',
          startedAt: '2026-11-21T10:00:00.000Z',
          breachAt: '2026-11-21T11:00:00.000Z',
          satisfiedAt: null,
          elapsedSeconds: 600,
          explanation:
            'First response under “Standard” (version 1): 10 min counted since 2026-11-21T10:00:00.000Z; it breaches at 2026-11-21T11:00:00.000Z.',
          policy: { id: expect.any(String), version: 1, name: 'Standard' },
          intervals: [{ from: '2026-11-21T10:00:00.000Z', to: null, counted: true, reason: 'Open' }],
        },
      ],
    })
    support.clock.advance(3_600_000)
    // What was promised stays, in the version that promised it; nobody has looked yet, and it is overdue all the same.
    await aPolicy({ ...policy, id: saved?.policy?.id, name: 'Better' })
    expect((await look(ticket))?.sla).toMatchObject([{ status: 'BREACHING', policy: { name: 'Standard' } }])
  })

  it('are read for many tickets with one statement', async () => {
    await aPolicy()
    for (let n = 0; n < 5; n += 1) await support.aTicket(tenant)
    support.statements.length = 0
    const { data } = await manager<{ inbox: { nodes: { sla: object[] }[] } }>(
      '{ inbox(first: 10) { nodes { sla { status policy { name } explanation } } } }',
    )
    expect(data?.inbox.nodes.map(({ sla }) => sla.length)).toEqual([1, 1, 1, 1, 1])
    expect(support.statements.filter((sql) => sql.includes('"ticket_sla"'))).toHaveLength(1)
  })

  it('tell of the warning and the breach at their instants, however late somebody looks', async () => {
    await aPolicy()
    const ticket = await support.aTicket(tenant)
    support.clock.advance(7_200_000)
    await support.module.settle()
    await support.module.settle()
    expect(await eventsOf(ticket)).toEqual([
      ['SLA_STARTED', '2026-11-21T10:00:00.000Z'],
      ['SLA_WARNING', '2026-11-21T10:45:00.000Z'],
      ['SLA_BREACHED', '2026-11-21T11:00:00.000Z'],
    ])
    expect((await look(ticket))?.sla).toMatchObject([{ status: 'BREACHING' }])
  })

  it('go on under another calendar with what was counted, and are looked at anew', async () => {
    const id = (await aCalendar({ ...calendar, weekly: hours('09:00:00', '10:30:00') }))?.calendar?.id
    await aPolicy({ ...policy, calendarId: id, targets: [{ ...target, businessHours: true, warnBeforeSeconds: 60 }] })
    const ticket = await support.aTicket(tenant)
    expect((await look(ticket))?.nextBreachAt).toBe('2026-11-22T09:30:00.000Z')
    support.clock.advance(3_600_000)
    await aCalendar({ ...calendar, id })
    await support.module.settle()
    expect(await look(ticket)).toMatchObject({
      nextBreachAt: '2026-11-21T11:30:00.000Z',
      sla: [{ elapsedSeconds: 1_800, breachAt: '2026-11-21T11:30:00.000Z' }],
    })
    support.clock.advance(1_740_000)
    await support.module.settle()
    expect(await eventsOf(ticket)).toContainEqual(['SLA_WARNING', '2026-11-21T11:29:00.000Z'])
  })

  it('lose no fact to a change at the same time', async () => {
    await aPolicy({ ...policy, targets: [{ ...target, metric: 'NEXT_RESPONSE' }] })
    const ticket = await support.aTicket(tenant)
    const now = support.clock.now()
    const say = (n: number) =>
      support.database.transact(tenant.id, (tx) =>
        changeTicket(
          tx,
          { tenantId: tenant.id, who: { actor: systemActor('TIMER', 'test') }, now, id: ticket.id },
          () => [
            {
              type: 'MESSAGE_RECEIVED',
              facts: [{ at: now.toISOString(), kind: 'customer_message', messageId: `m${n}` }],
            },
          ],
        ),
      )
    await Promise.all(Array.from({ length: 8 }, (_, n) => say(n)))
    const row = await support.database.forTenant(tenant.id).ticketSla.findFirst({ where: { ticketId: ticket.id } })
    // The opening and its message, and all the others.
    expect(row?.history).toHaveLength(10)
  })

  it('forget nothing, and tell nothing twice, where the first to look at the clock is the last to write', async () => {
    await aPolicy()
    const ticket = await support.aTicket(tenant)
    const answered = new Date(start.getTime() + 10_000)
    const answer = { kind: 'agent_message' as const, at: answered.toISOString(), messageId: 'm' }
    const write = (now: Date, step: Step) =>
      support.database.transact(tenant.id, (tx) =>
        changeTicket(
          tx,
          { tenantId: tenant.id, who: { actor: systemActor('TIMER', 'test') }, now, id: ticket.id },
          () => [step],
        ),
      )
    await write(answered, { type: 'MESSAGE_SENT', facts: [answer] })
    const { ticket: late } = await write(new Date(answered.getTime() - 10), { type: 'TAGGED', set: { tags: ['late'] } })
    expect(late).toMatchObject({ slaStatus: 'ACHIEVED', nextTimerAt: null })
    await write(new Date(answered.getTime() + 10), { type: 'TAGGED', set: { tags: ['later'] } })
    expect((await eventsOf(ticket)).map(([type]) => type)).toEqual(['SLA_STARTED', 'SLA_ACHIEVED'])
  })

  it('warn once where a change that began before the warning is written after it', async () => {
    await aPolicy()
    const ticket = await support.aTicket(tenant)
    const who = { actor: systemActor('AUTOMATION', 'test') }
    const began = new Date(start.getTime() + 2_699_990)
    support.clock.set(new Date(start.getTime() + 2_700_010))
    await support.module.settle()
    const tag: Step = { type: 'TAGGED', set: { tags: ['late'] } }
    await support.database.transact(tenant.id, (tx) =>
      changeTicket(tx, { tenantId: tenant.id, who, now: began, id: ticket.id }, () => [tag]),
    )
    await support.module.settle()
    expect((await eventsOf(ticket)).map(([type]) => type)).toEqual(['SLA_STARTED', 'SLA_WARNING'])
  })

  it('know who is a VIP by lifetime value too, and who became one, when the ticket changes', async () => {
    await aPolicy()
    const forVips = { ...policy, name: 'VIPs', order: 0, conditions: { field: 'isVip', op: 'eq', value: true } }
    await aPolicy(forVips)
    const system = support.database.system
    const data = { vipFromLifetimeValue: 1_000, configVersion: 7 }
    await system.tenant.updateMany({ where: { id: tenant.id }, data })
    const customer = await support.aCustomer(tenant)
    const spend = (lifetimeValue: number) =>
      system.customer.updateMany({ where: { tenantId: tenant.id, id: customer.id }, data: { lifetimeValue } })
    await spend(1_000)
    const ticket = await support.aTicket(tenant, { customerId: customer.id })
    const policies = async () => (await look(ticket))?.sla.map((clock) => (clock['policy'] as { name: string }).name)
    expect(await policies()).toEqual(['VIPs'])
    await spend(999)
    const raise = `mutation ($id: ID!) { updateTicket(input: { id: $id, category: "x" }) { userErrors { code } } }`
    expect((await manager(raise, { id: ticket.id })).errors).toEqual([])
    expect(await policies()).toEqual(['Standard'])
  })
})
