import { prepareJobs } from '@quimbi/database/jobs.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAutomation } from '../src/automation/follower.ts'
import { runTimeRules } from '../src/automation/time-in-state.ts'
import { arrivals, type Readers } from '../src/automation/triage-job.ts'
import { lockTickets } from '../src/tickets/change-store.ts'
import { addRule, aShop, change, rule, settled, ticketNow } from './automation-kit.ts'
import { openSupport, type TestSupport } from './kit.ts'
import { someoneWaits } from './locks-kit.ts'

let support: TestSupport
beforeAll(async () => {
  support = await openSupport()
  await prepareJobs(support.url)
})
afterAll(() => support.close())

const tagging = (tag: string) => [{ tag: { tags: [tag] } }]
const isLock = (sql: string): boolean => sql.includes('FOR NO KEY UPDATE OF t')

/** How often tickets were locked, and how much was asked at all, meanwhile. */
async function counted(run: () => Promise<unknown>): Promise<{ locks: number; statements: number }> {
  const before = support.statements.length
  await run()
  const since = support.statements.slice(before)
  return { locks: since.filter(isLock).length, statements: since.length }
}

/** Lets the rules react to all that was sequenced. */
async function react(readers: Readers): Promise<void> {
  const automation = createAutomation({ ...support, arrivals: arrivals(readers) })
  await automation.drain()
  await automation.stop()
}

const askedToRead = () =>
  support.asOwner<object>(`SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'support.triage'`)

describe('rules that react to the log', () => {
  it('wait for no ticket whose message is only sent to be read', async () => {
    const { tenant } = await aShop(support)
    const tickets = [await support.aTicket(tenant), await support.aTicket(tenant)]
    await support.module.sequence()
    await support.database.transact(tenant.id, async (tx) => {
      await lockTickets(
        tx,
        tenant.id,
        tickets.map(({ id }) => id),
      )
      expect(await counted(() => react({ triage: async () => null }))).toMatchObject({ locks: 0 })
    })
    expect(await askedToRead()).toHaveLength(2)
  })

  it('lock a ticket for its order numbers, and none for a message without any', async () => {
    const { tenant } = await aShop(support)
    const plain = await support.aTicket(tenant, { initialMessage: 'Where is it?' })
    const found = await support.aTicket(tenant, { initialMessage: 'Where is order #10442?' })
    await support.module.sequence()
    expect(await counted(() => react({}))).toMatchObject({ locks: 1 })
    expect((await ticketNow(support, found)).orderNumbers).toEqual(['10442'])
    expect((await ticketNow(support, plain)).orderNumbers).toEqual([])
  })

  it('lock all that they may change once for a batch, where nothing is to be done', async () => {
    const { tenant, ask } = await aShop(support)
    const isNever = { field: 'subject', op: 'eq', value: 'Never' }
    await addRule(ask, rule({ trigger: 'TICKET_CREATED', conditions: isNever, actions: tagging('never') }))
    const locksFor = async (count: number) => {
      for (let n = 0; n < count; n += 1) await support.aTicket(tenant)
      await support.module.sequence()
      return counted(() => react({}))
    }
    // The first reads the tenant's rules.
    await locksFor(1)
    const one = await locksFor(1)
    expect(one.locks).toBe(1)
    expect(await locksFor(5)).toEqual(one)
  })

  it('see what the batch did to a ticket before', async () => {
    const { tenant, ask } = await aShop(support)
    const knows = { field: 'orderNumbers', op: 'contains', value: '10442' }
    const isNumbered = { field: 'tags', op: 'contains', value: 'numbered' }
    await addRule(ask, rule({ trigger: 'MESSAGE_RECEIVED', conditions: knows, actions: tagging('numbered') }))
    await addRule(ask, rule({ trigger: 'TICKET_UPDATED', conditions: isNumbered, actions: tagging('after') }))
    const ticket = await support.aTicket(tenant, { initialMessage: 'Where is order #10442?' })
    await change(support, ticket, { subject: 'Order 10442' })
    await support.module.sequence()
    await react({})
    expect(await ticketNow(support, ticket)).toMatchObject({ orderNumbers: ['10442'], tags: ['numbered', 'after'] })
  })
})

describe('rules on time in a state', () => {
  const longOpen = { field: 'secondsInState', op: 'gte', value: 60 }
  const run = () => runTimeRules(support.database, support.clock.now())

  it('lock only tickets for which they have something to do, with as many statements however many wait', async () => {
    const { tenant, ask } = await aShop(support)
    const conditions = { all: [longOpen, { field: 'priority', op: 'eq', value: 'HIGH' }] }
    await addRule(ask, rule({ trigger: 'TIME_IN_STATE', conditions, actions: tagging('silent') }))
    const high = await support.aTicket(tenant, { priority: 'HIGH' })
    const normal = await support.aTicket(tenant)
    support.clock.advance(60_000)
    let fired = 0
    const first = await counted(async () => void (fired = await run()))
    expect([fired, first.locks]).toEqual([1, 2])
    await settled(support)
    const few = await counted(async () => void (fired = await run()))
    expect([fired, few.locks]).toEqual([0, 0])
    for (let n = 0; n < 5; n += 1) await support.aTicket(tenant)
    support.clock.advance(60_000)
    expect(await counted(run)).toEqual(few)
    await change(support, normal, { priority: 'HIGH' })
    expect(await run()).toBe(1)
    for (const ticket of [high, normal]) expect((await ticketNow(support, ticket)).tags).toEqual(['silent'])
  })

  it('fire once of two that run at once, and look again once they have the ticket', async () => {
    const { tenant, ask } = await aShop(support)
    const conditions = { all: [longOpen, { field: 'priority', op: 'eq', value: 'HIGH' }] }
    await addRule(ask, rule({ trigger: 'TIME_IN_STATE', conditions, actions: [{ note: { text: 'Once.' } }] }))
    const [ticket, other] = [
      await support.aTicket(tenant, { priority: 'HIGH' }),
      await support.aTicket(tenant, { priority: 'HIGH' }),
    ]
    support.clock.advance(60_000)
    const running = await support.database.transact(tenant.id, async (tx) => {
      await lockTickets(tx, tenant.id, [ticket.id])
      const runs = [run(), run()]
      await someoneWaits(tx)
      await tx.ticket.updateMany({ where: { tenantId: tenant.id, id: ticket.id }, data: { priority: 'LOW' } })
      return { runs }
    })
    expect((await Promise.all(running.runs)).reduce((sum, fired) => sum + fired, 0)).toBe(1)
    const notes = await support.database.forTenant(tenant.id).note.findMany({ where: { tenantId: tenant.id } })
    expect(notes.map(({ ticketId }) => ticketId)).toEqual([other.id])
  })
})
