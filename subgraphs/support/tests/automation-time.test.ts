import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addBuiltInRules } from '../src/automation/built-in.ts'
import { runTimeRules } from '../src/automation/time-in-state.ts'
import { addRule, aShop, change, logOf, rule, settled, ticketNow } from './automation-kit.ts'
import { codesOf, openSupport, serviceOf, type TestSupport } from './kit.ts'
import { setTicketStatus } from '../src/tickets/update.ts'
import type { Ticket } from '../generated/prisma/client.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const day = 86_400_000
const run = () => runTimeRules(support.database, support.clock.now())
const silence = (value: number) => ({
  all: [
    { field: 'secondsInState', op: 'gte', value },
    { field: 'waitingOn', op: 'eq', value: 'CUSTOMER' },
  ],
})
const tagging = [{ tag: { tags: ['silent'] } }]
const wait = (
  { tenantId, id }: Ticket,
  input: { status: 'OPEN' } | { status: 'PENDING'; waitingOn: 'CUSTOMER' | 'THIRD_PARTY' },
) =>
  support.database.transact(tenantId, (tx) =>
    setTicketStatus(tx, serviceOf(tenantId), { id, ...input }, support.clock.now()),
  )

describe('a rule on time in a state', () => {
  it('fires once for a ticket and state, and again for the next', async () => {
    const { tenant, ask } = await aShop(support)
    const input = rule({ trigger: 'TIME_IN_STATE', conditions: silence(3_600), actions: tagging })
    await addRule(ask, input)
    const [ticket, other] = [await support.aTicket(tenant), await support.aTicket(tenant)]
    await wait(ticket, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    support.clock.advance(3_599_000)
    expect(await run()).toBe(0)
    support.clock.advance(1_000)
    expect([await run(), await run()]).toEqual([1, 0])
    expect((await ticketNow(support, ticket)).tags).toEqual(['silent'])
    expect((await ticketNow(support, other)).tags).toEqual([])
    await wait(ticket, { status: 'OPEN' })
    await wait(ticket, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    expect(await run()).toBe(0)
    support.clock.advance(3_600_000)
    expect([await run(), await run()]).toEqual([1, 0])
  })

  it('does not pass a ticket to and fro with another: what it brought about is its doing', async () => {
    const { tenant, ask } = await aShop(support)
    const is = (status: string) => ({
      all: [
        { field: 'secondsInState', op: 'gte', value: 60 },
        { field: 'status', op: 'eq', value: status },
      ],
    })
    const pending = [{ status: { status: 'PENDING', waitingOn: 'CUSTOMER' } }]
    const open = [{ status: { status: 'OPEN' } }]
    await addRule(ask, rule({ name: 'Wait', trigger: 'TIME_IN_STATE', conditions: is('OPEN'), actions: pending }))
    await addRule(ask, rule({ name: 'Open', trigger: 'TIME_IN_STATE', conditions: is('PENDING'), actions: open }))
    const ticket = await support.aTicket(tenant)
    const firings = async () => {
      let fired = 0
      for (let minute = 0; minute < 6; minute += 1) {
        support.clock.advance(60_000)
        fired += await run()
        await settled(support)
      }
      return fired
    }
    expect(await firings()).toBe(2)
    // A person's doing is a new cause.
    await wait(ticket, { status: 'PENDING', waitingOn: 'THIRD_PARTY' })
    await settled(support)
    expect(await firings()).toBe(2)
  })

  it('closes, as the built-in one, after fourteen days of the customer’s silence, and of nobody else’s', async () => {
    const { tenant } = await aShop(support)
    await support.database.transact(tenant.id, (tx) => addBuiltInRules(tx, tenant.id, support.clock.now()))
    const [silent, third, open] = [
      await support.aTicket(tenant),
      await support.aTicket(tenant),
      await support.aTicket(tenant),
    ]
    await wait(silent, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    await wait(third, { status: 'PENDING', waitingOn: 'THIRD_PARTY' })
    support.clock.advance(13 * day)
    await run()
    expect((await ticketNow(support, silent)).status).toBe('PENDING')
    support.clock.advance(day)
    await run()
    expect(await ticketNow(support, silent)).toMatchObject({ status: 'CLOSED', closedAt: support.clock.now() })
    expect((await ticketNow(support, third)).status).toBe('PENDING')
    expect((await ticketNow(support, open)).status).toBe('OPEN')
    await settled(support)
    expect((await logOf(support, silent)).findLast(({ type }) => type === 'STATUS_CHANGED')).toMatchObject({
      payload: { reason: expect.stringContaining('Close after silence'), depth: 1 },
    })
  })

  it('goes by the tenant’s clock', async () => {
    const { tenant, ask } = await aShop(support)
    await addRule(ask, rule({ trigger: 'TIME_IN_STATE', conditions: silence(3_600), actions: tagging }))
    const ticket = await support.aTicket(tenant)
    await wait(ticket, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    await support.asOwner(
      'UPDATE tenant SET is_demo = true, clock_offset_seconds = 3600, config_version = config_version + 1 WHERE id = $1',
      [tenant.id],
    )
    expect(await run()).toBe(1)
    expect((await ticketNow(support, ticket)).tags).toEqual(['silent'])
  })
})

describe('a dry run', () => {
  const query = `query ($input: SaveAutomationRuleInput!, $days: Int) {
    automationDryRun(input: $input, days: $days) { wouldFire sample { id } } }`
  type Tried = { automationDryRun: { wouldFire: number; sample: { id: string }[] } }

  it('counts what a rule would have fired for, and does nothing', async () => {
    const { tenant } = await aShop(support)
    const old = await support.aTicket(tenant)
    await change(support, old, { priority: 'HIGH' })
    support.clock.advance(10 * day)
    const fresh = await support.asAgent(await support.anAgent(tenant, { role: 'TEAM_LEAD' }))
    const tickets = [await support.aTicket(tenant), await support.aTicket(tenant)]
    for (const ticket of tickets) await change(support, ticket, { priority: 'HIGH' })
    await change(support, tickets[0]!, { priority: 'LOW' })
    await change(support, tickets[0]!, { priority: 'HIGH' })
    await settled(support)
    const raised = {
      all: [
        { field: 'priority', op: 'eq', value: 'HIGH' },
        { field: 'priority', op: 'changed' },
      ],
    }
    const input = rule({ trigger: 'TICKET_UPDATED', conditions: raised, actions: tagging })
    const before = (await logOf(support, tickets[0]!)).length
    const asked = await fresh<Tried>(query, { input, days: 5 })
    expect(asked.errors).toEqual([])
    expect(asked.data!.automationDryRun).toEqual({
      wouldFire: 3,
      sample: [{ id: tickets[0]!.id }, { id: tickets[1]!.id }],
    })
    expect((await fresh<Tried>(query, { input })).data!.automationDryRun.wouldFire).toBe(4)
    await settled(support)
    expect(await logOf(support, tickets[0]!)).toHaveLength(before)
    expect((await ticketNow(support, tickets[0]!)).tags).toEqual([])
    expect((await fresh<{ automationRules: [] }>('{ automationRules { id } }')).data).toEqual({ automationRules: [] })
  })

  it('finds tickets that are long in their state', async () => {
    const { tenant } = await aShop(support)
    const ticket = await support.aTicket(tenant)
    await support.aTicket(tenant)
    await wait(ticket, { status: 'PENDING', waitingOn: 'CUSTOMER' })
    support.clock.advance(3_600_000)
    const ask = await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' }))
    const input = rule({ trigger: 'TIME_IN_STATE', conditions: silence(3_600), actions: tagging })
    expect((await ask<Tried>(query, { input })).data?.automationDryRun).toEqual({
      wouldFire: 1,
      sample: [{ id: ticket.id }],
    })
    expect((await ticketNow(support, ticket)).tags).toEqual([])
  })

  it('is refused for too many days, a rule that is none, and to agents', async () => {
    const { tenant } = await aShop(support)
    const ask = await support.asAgent(await support.anAgent(tenant, { role: 'MANAGER' }))
    const input = rule({ trigger: 'TICKET_CREATED', actions: tagging })
    expect(codesOf(await ask(query, { input, days: 31 }))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await ask(query, { input, days: 0 }))).toEqual(['BAD_USER_INPUT'])
    expect(codesOf(await ask(query, { input: { ...input, actions: [{ fly: {} }] } }))).toEqual(['BAD_USER_INPUT'])
    const agent = await support.asAgent(await support.anAgent(tenant, { role: 'SENIOR_AGENT' }))
    expect(codesOf(await agent(query, { input }))).toEqual(['FORBIDDEN'])
  })
})
