import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { builtInRules, addBuiltInRules } from '../src/automation/built-in.ts'
import { createAutomation } from '../src/automation/follower.ts'
import { recordInsights } from '../src/insight/record.ts'
import { systemActor } from '../src/log/actors.ts'
import { lockTickets } from '../src/tickets/change-store.ts'
import { scheduleFollowUp } from '../src/tickets/plan.ts'
import { addRule, aShop, change, logOf, rule, saveRule, settled, ticketNow, type SavedRule } from './automation-kit.ts'
import { codesOf, openSupport, refusal, serviceOf, type TestSupport } from './kit.ts'
import { someoneWaits } from './locks-kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const tagging = (tag: string) => [{ tag: { tags: [tag] } }]
const fired = (tenant: Tenant) =>
  support.asOwner<{ name: string; fired: number }>(
    'SELECT name, fired_count AS fired FROM automation_rule WHERE tenant_id = $1 ORDER BY "order"',
    [tenant.id],
  )

describe('a rule', () => {
  it('is added, listed in order, replaced, removed, and audited', async () => {
    const { tenant, ask } = await aShop(support)
    const second = await addRule(ask, rule({ order: 2, trigger: 'TICKET_CREATED', actions: tagging('x') }))
    const first = await addRule(
      ask,
      rule({ order: 1, trigger: 'SLA_BREACHED', actions: tagging('y'), isActive: false }),
    )
    await addRule(
      ask,
      rule({ id: second, order: 3, name: 'Other', trigger: 'MESSAGE_RECEIVED', actions: tagging('z') }),
    )
    const { data } = await ask('{ automationRules { id name order trigger isActive actions firedCount lastFiredAt } }')
    const never = { firedCount: 0, lastFiredAt: null }
    expect(data).toEqual({
      automationRules: [
        {
          id: first,
          name: 'A rule',
          order: 1,
          trigger: 'SLA_BREACHED',
          isActive: false,
          actions: tagging('y'),
          ...never,
        },
        {
          id: second,
          name: 'Other',
          order: 3,
          trigger: 'MESSAGE_RECEIVED',
          isActive: true,
          actions: tagging('z'),
          ...never,
        },
      ],
    })
    const remove = `mutation ($input: DeleteByIdInput!) { deleteAutomationRule(input: $input) { deletedId userErrors { code } } }`
    expect((await ask(remove, { input: { id: first } })).data).toEqual({
      deleteAutomationRule: { deletedId: first, userErrors: [] },
    })
    expect((await ask(remove, { input: { id: first } })).data).toMatchObject({
      deleteAutomationRule: { userErrors: [{ code: 'NOT_FOUND' }] },
    })
    const trail = await support.asOwner<{ action: string }>(
      `SELECT action FROM audit_entry WHERE tenant_id = $1 AND subject_type = 'automationRule' ORDER BY id`,
      [tenant.id],
    )
    const verbs = ['created', 'created', 'changed', 'deleted']
    expect(trail.map(({ action }) => action)).toEqual(verbs.map((verb) => `automationRule.${verb}`))
  })

  it('is refused at the place that is wrong, and to whom it does not belong', async () => {
    const { tenant, ask } = await aShop(support)
    const save = async (input: object) =>
      (await ask<SavedRule>(saveRule, { input })).data?.saveAutomationRule.userErrors
    const on = { trigger: 'TICKET_CREATED' } as const
    const missing = crypto.randomUUID()
    expect(
      await save(rule({ ...on, actions: [{ tag: { tags: ['a'] } }, { priority: { priority: 'SOON' } }] })),
    ).toEqual(refusal('INVALID', 'input', 'actions', '1', 'priority', 'priority'))
    expect(await save(rule({ ...on, actions: [{ draft: { tone: 'FRIENDLY' } }] }))).toEqual(
      refusal('INVALID', 'input', 'actions', '0', 'draft'),
    )
    expect(await save(rule({ ...on, actions: [] }))).toEqual(refusal('INVALID', 'input', 'actions'))
    expect(await save(rule({ ...on, actions: [{ webhook: { endpointId: missing } }] }))).toEqual(
      refusal('NOT_FOUND', 'input', 'actions', '0', 'webhook', 'endpointId'),
    )
    expect(await save(rule({ ...on, actions: [{ queue: { id: missing } }] }))).toEqual(
      refusal('NOT_FOUND', 'input', 'actions', '0', 'queue', 'id'),
    )
    const conditions = { field: 'colour', op: 'eq', value: 'red' }
    expect(await save(rule({ ...on, conditions, actions: tagging('a') }))).toEqual(
      refusal('INVALID', 'input', 'conditions'),
    )
    expect(await save(rule({ trigger: 'TIME_IN_STATE', actions: tagging('a') }))).toEqual(
      refusal('REQUIRED', 'input', 'conditions'),
    )
    const lead = await support.asAgent(await support.anAgent(tenant, { role: 'TEAM_LEAD' }))
    const { data } = await lead<SavedRule>(saveRule, { input: rule({ ...on, actions: tagging('a') }) })
    expect(data?.saveAutomationRule.userErrors).toEqual(refusal('FORBIDDEN'))
    const agent = await support.asAgent(await support.anAgent(tenant, { role: 'AGENT' }))
    expect(codesOf(await agent('{ automationRules { id } }'))).toEqual(['FORBIDDEN'])
  })

  it('stops at a hundred', async () => {
    const { tenant, ask } = await aShop(support)
    const db = support.database.forTenant(tenant.id)
    const [now, base] = [support.clock.now(), { tenantId: tenant.id, name: 'x', order: 1, isActive: false }]
    const more = { trigger: 'TICKET_CREATED', conditions: {}, actions: [], createdAt: now, updatedAt: now }
    await db.automationRule.createMany({
      data: Array.from({ length: 100 }, () => ({ ...base, ...more, id: crypto.randomUUID() })),
    })
    const { data } = await ask<SavedRule>(saveRule, {
      input: rule({ trigger: 'TICKET_CREATED', actions: tagging('a') }),
    })
    expect(data?.saveAutomationRule.userErrors).toEqual(refusal('LIMIT_EXCEEDED'))
  })
})

describe('rules', () => {
  it('react in order, each to what those before it did, and say what they did and why', async () => {
    const { tenant, ask } = await aShop(support)
    const isUrgent = { field: 'priority', op: 'eq', value: 'URGENT' }
    await addRule(
      ask,
      rule({ name: 'Second', order: 2, trigger: 'TICKET_CREATED', conditions: isUrgent, actions: tagging('hot') }),
    )
    await addRule(
      ask,
      rule({ name: 'First', order: 1, trigger: 'TICKET_CREATED', actions: [{ priority: { priority: 'URGENT' } }] }),
    )
    const ticket = await support.aTicket(tenant)
    const other = await support.aTicket(await support.aTenant())
    await settled(support)
    expect(await ticketNow(support, ticket)).toMatchObject({ priority: 'URGENT', tags: ['hot'] })
    expect(await ticketNow(support, other)).toMatchObject({ priority: 'NORMAL', tags: [] })
    expect(await fired(tenant)).toEqual([
      { name: 'First', fired: 1 },
      { name: 'Second', fired: 1 },
    ])
    const log = await logOf(support, ticket)
    const root = log[0]!
    const by = (name: string) => ({
      causedBy: root.eventId,
      depth: 1,
      actor: { kind: 'system', system: 'AUTOMATION', name },
    })
    expect(log).toMatchObject([
      { type: 'TICKET_CREATED' },
      { type: 'MESSAGE_RECEIVED' },
      { type: 'PRIORITY_CHANGED', payload: by('First') },
      { type: 'DECISION_MADE', payload: by('First') },
      { type: 'TAGGED', payload: by('Second') },
      { type: 'DECISION_MADE', payload: by('Second') },
    ])
    const query = `query ($id: ID!) { ticket(id: $id) { decisions { field from to confidence evidence explanation madeBy { kind name } undoneAt } } }`
    const { data } = await ask(query, { id: ticket.id })
    expect(data).toMatchObject({
      ticket: {
        decisions: [
          { field: 'TAG', from: null, to: 'hot', madeBy: { kind: 'AUTOMATION', name: 'Second' } },
          {
            field: 'PRIORITY',
            from: 'NORMAL',
            to: 'URGENT',
            confidence: 1,
            evidence: [`Event: TICKET_CREATED ${root.eventId}`],
            explanation: expect.stringContaining('First'),
            undoneAt: null,
          },
        ],
      },
    })
  })

  it('look at what was before, at the message and at the customer', async () => {
    const { tenant, ask } = await aShop(support)
    const raised = {
      all: [
        { field: 'priority', op: 'was', value: 'LOW' },
        { field: 'priority', op: 'changed' },
      ],
    }
    await addRule(ask, rule({ trigger: 'TICKET_UPDATED', conditions: raised, actions: tagging('raised') }))
    const angry = {
      all: [
        { field: 'message', op: 'contains', value: 'BROKEN' },
        { field: 'isVip', op: 'eq', value: false },
      ],
    }
    await addRule(ask, rule({ trigger: 'MESSAGE_RECEIVED', conditions: angry, actions: tagging('broken') }))
    const low = await support.aTicket(tenant, { priority: 'LOW', initialMessage: 'It came broken.' })
    const normal = await support.aTicket(tenant)
    await change(support, low, { priority: 'HIGH' })
    await change(support, normal, { priority: 'HIGH' })
    await settled(support)
    expect((await ticketNow(support, low)).tags.toSorted()).toEqual(['broken', 'raised'])
    expect((await ticketNow(support, normal)).tags).toEqual([])
  })

  it('do all that the language knows', async () => {
    const { tenant, ask } = await aShop(support)
    const db = support.database.forTenant(tenant.id)
    const [team, queue] = [crypto.randomUUID(), crypto.randomUUID()]
    const createdAt = support.clock.now()
    await db.team.create({ data: { tenantId: tenant.id, id: team, name: 'Team', createdAt } })
    await db.queue.create({ data: { tenantId: tenant.id, id: queue, name: 'Queue', priorityOrder: 1, createdAt } })
    const agent = await support.anAgent(tenant, { role: 'SENIOR_AGENT' })
    await db.agent.updateMany({ where: { id: agent.id }, data: { status: 'ONLINE', acceptsNewTickets: true } })
    const actions = [
      { queue: { id: queue } },
      { team: { id: team } },
      { tag: { tags: ['a', 'b'] } },
      { untag: { tags: ['a'] } },
      { assign: { agentId: agent.id } },
      { escalate: { reason: 'It matters.' } },
      { followUp: { inSeconds: 3_600, note: 'Look again.' } },
      { note: { text: 'A rule was here.' } },
      { status: { status: 'PENDING', waitingOn: 'THIRD_PARTY' } },
      { notify: { agentIds: [agent.id], text: 'Look.' } },
    ]
    await addRule(ask, rule({ trigger: 'TICKET_CREATED', actions }))
    const ticket = await support.aTicket(tenant)
    await settled(support)
    expect(await ticketNow(support, ticket)).toMatchObject({
      queueId: queue,
      teamId: team,
      tags: ['b'],
      assigneeId: agent.id,
      escalation: { level: 1, reason: 'It matters.' },
      followUpAt: new Date(createdAt.getTime() + 3_600_000),
      followUpNote: 'Look again.',
      status: 'PENDING',
      waitingOn: 'THIRD_PARTY',
    })
    const rows = { where: { tenantId: tenant.id, ticketId: ticket.id } }
    expect(await db.note.findMany(rows)).toMatchObject([
      { content: 'A rule was here.', author: { system: 'AUTOMATION' } },
    ])
    expect(await db.notification.findMany({ where: { ...rows.where, kind: 'RULE' } })).toMatchObject([
      {
        agentId: agent.id,
        text: 'Look.',
        eventId: (await logOf(support, ticket)).findLast(({ payload }) => payload.data?.['notify'])?.eventId,
      },
    ])
  })

  it('assign to nobody beyond their capacity, and do the rest all the same', async () => {
    const { tenant, ask } = await aShop(support)
    const agent = await support.anAgent(tenant)
    const data = { status: 'ONLINE', acceptsNewTickets: true, capacity: 1 }
    await support.database.forTenant(tenant.id).agent.updateMany({ where: { id: agent.id }, data })
    const actions = [{ assign: { strategy: 'BEST_FIT' } }, ...tagging('seen')]
    await addRule(ask, rule({ trigger: 'TICKET_CREATED', actions }))
    const tickets = [await support.aTicket(tenant), await support.aTicket(tenant)]
    await settled(support)
    const now = await Promise.all(tickets.map((ticket) => ticketNow(support, ticket)))
    expect(now.map(({ assigneeId, tags }) => [assigneeId, tags])).toEqual([
      [agent.id, ['seen']],
      [null, ['seen']],
    ])
  })

  it('do not react to their own changes for ever, nor undo each other for ever', async () => {
    const { tenant, ask } = await aShop(support)
    const to = (priority: string) => [{ priority: { priority } }]
    const is = (value: string) => ({ field: 'priority', op: 'eq', value })
    await addRule(ask, rule({ name: 'Up', trigger: 'TICKET_UPDATED', conditions: is('LOW'), actions: to('HIGH') }))
    await addRule(
      ask,
      rule({ name: 'Down', order: 2, trigger: 'TICKET_UPDATED', conditions: is('HIGH'), actions: to('LOW') }),
    )
    await addRule(ask, rule({ name: 'Echo', order: 3, trigger: 'TICKET_UPDATED', actions: tagging('echo') }))
    const ticket = await support.aTicket(tenant)
    await change(support, ticket, { priority: 'LOW' })
    await settled(support)
    expect((await fired(tenant)).map((one) => one.fired)).toEqual([1, 1, 1])
    await change(support, ticket, { subject: 'Once more' })
    await settled(support)
    expect((await fired(tenant)).map((one) => one.fired)).toEqual([2, 2, 2])
  })

  it('do not plan a follow-up for the follow-up that they planned', async () => {
    const { tenant, ask } = await aShop(support)
    const conditions = { field: 'event', op: 'eq', value: 'FOLLOW_UP_DUE' }
    const actions = [{ followUp: { inSeconds: 60 } }]
    await addRule(ask, rule({ name: 'Again', trigger: 'TICKET_UPDATED', conditions, actions }))
    const ticket = await support.aTicket(tenant)
    const plan = () =>
      support.database.transact(tenant.id, (tx) => {
        const at = new Date(support.clock.now().getTime() + 60_000)
        return scheduleFollowUp(tx, serviceOf(tenant.id), { id: ticket.id, at }, support.clock.now())
      })
    for (let minute = 0; minute < 5; minute += 1) {
      if (minute === 0) await plan()
      support.clock.advance(60_000)
      await settled(support)
    }
    expect(await fired(tenant)).toMatchObject([{ fired: 1 }])
    await plan()
    support.clock.advance(60_000)
    await settled(support)
    expect(await fired(tenant)).toMatchObject([{ fired: 2 }])
  })

  it('end a chain after five, however many there are', async () => {
    const { tenant, ask } = await aShop(support)
    const names = Array.from({ length: 8 }, (_, n) => `step-${n}`)
    for (const [n, name] of names.entries()) {
      const conditions =
        n === 0
          ? { field: 'subject', op: 'eq', value: 'Go' }
          : {
              all: [
                { field: 'tags', op: 'contains', value: names[n - 1] },
                { not: { field: 'tags', op: 'contains', value: name } },
              ],
            }
      // Against the order, so that each waits for the event of the one before it.
      await addRule(ask, rule({ name, order: 100 - n, trigger: 'TICKET_UPDATED', conditions, actions: tagging(name) }))
    }
    const ticket = await support.aTicket(tenant)
    await change(support, ticket, { subject: 'Go' })
    await settled(support)
    expect((await ticketNow(support, ticket)).tags).toEqual(names.slice(0, 5))
  })

  it('leave alone what an import wrote, and what was before them', async () => {
    const { tenant, ask } = await aShop(support)
    const early = await support.aTicket(tenant)
    support.clock.advance(1_000)
    await addRule(ask, rule({ trigger: 'TICKET_CREATED', actions: tagging('late') }))
    const ticket = await support.aTicket(tenant)
    await support.asOwner(
      `UPDATE outbox SET payload = jsonb_set(payload, '{actor}', '{"kind": "system", "system": "IMPORT", "name": "import"}')
      WHERE ticket_id = $1`,
      [ticket.id],
    )
    await settled(support)
    expect((await ticketNow(support, early)).tags).toEqual([])
    expect((await ticketNow(support, ticket)).tags).toEqual([])
  })

  it('wait for a ticket without holding one that comes after it', async () => {
    const { tenant, ask } = await aShop(support)
    await addRule(ask, rule({ trigger: 'TICKET_UPDATED', actions: tagging('seen') }))
    const tickets = [await support.aTicket(tenant), await support.aTicket(tenant)]
    await settled(support)
    const [low, high] = tickets.toSorted((a, b) => (a.id < b.id ? -1 : 1)) as [Ticket, Ticket]
    await change(support, high, { subject: 'first' })
    await change(support, low, { subject: 'second' })
    await support.module.sequence()
    const automation = createAutomation({ ...support, arrivals: () => null })
    const drained = await support.database.transact(tenant.id, async (tx) => {
      await lockTickets(tx, tenant.id, [low.id])
      const drained = automation.drain()
      await someoneWaits(tx)
      expect(await lockTickets(tx, tenant.id, [high.id], { waits: false })).toHaveLength(1)
      return { drained }
    })
    await drained.drained
    await automation.stop()
    for (const ticket of tickets) expect((await ticketNow(support, ticket)).tags).toEqual(['seen'])
  })

  it('have their effects once, whatever crashes', async () => {
    const { tenant, ask } = await aShop(support)
    await addRule(ask, rule({ trigger: 'TICKET_CREATED', actions: [{ note: { text: 'Once.' } }] }))
    const tickets = [await support.aTicket(tenant), await support.aTicket(tenant)]
    await support.module.sequence()
    let crashes = 3
    const database = {
      ...support.database,
      system: new Proxy(support.database.system, {
        get(target, name) {
          if (name !== '$transaction') return Reflect.get(target, name) as unknown
          return (run: (tx: object) => Promise<unknown>, options: object) =>
            target.$transaction(async (tx) => {
              const result = await run(tx)
              if (crashes-- > 0) throw new Error('crash')
              return result
            }, options)
        },
      }),
    }
    const one = () => createAutomation({ ...support, database, arrivals: () => null })
    const followers = [one(), one()]
    for (let turn = 0; turn < 6; turn += 1) await Promise.allSettled(followers.map((follower) => follower.drain()))
    await Promise.all(followers.map((follower) => follower.stop()))
    await settled(support)
    expect(crashes).toBeLessThan(0)
    const notes = await support.database.forTenant(tenant.id).note.findMany({ where: { tenantId: tenant.id } })
    expect(notes.map(({ ticketId }) => ticketId).toSorted()).toEqual(tickets.map(({ id }) => id).toSorted())
    expect(await fired(tenant)).toMatchObject([{ fired: 2 }])
  })
})

describe('the built-in rules', () => {
  it('are given once, and escalate a customer who may leave to somebody senior', async () => {
    const { tenant, ask } = await aShop(support)
    const add = () => support.database.transact(tenant.id, (tx) => addBuiltInRules(tx, tenant.id, support.clock.now()))
    expect([await add(), await add()]).toEqual([builtInRules.length, 0])
    const { data } = await ask<{ automationRules: { name: string; isActive: boolean }[] }>(
      '{ automationRules { name isActive } }',
    )
    expect(data?.automationRules.filter(({ isActive }) => !isActive).map(({ name }) => name)).toEqual([
      'Assign on arrival',
    ])
    const senior = await support.anAgent(tenant, { role: 'SENIOR_AGENT' })
    const junior = await support.anAgent(tenant, { role: 'AGENT' })
    const online = { status: 'ONLINE', acceptsNewTickets: true }
    await support.database.forTenant(tenant.id).agent.updateMany({
      where: { id: { in: [senior.id, junior.id] } },
      data: online,
    })
    const customer = await support.aCustomer(tenant)
    const ticket = await support.aTicket(tenant, { customerId: customer.id })
    const insight = (churnRisk: number, minutes: number) => {
      const asOf = new Date(support.clock.now().getTime() + minutes * 60_000)
      const told = { customerId: customer.id, churnRisk, lifetimeValue: 1, archetype: null, asOf }
      const call = {
        tenantId: tenant.id,
        who: { actor: systemActor('MODEL', 'Intelligence') },
        now: support.clock.now(),
      }
      return support.database.system.$transaction((tx) => recordInsights(tx, call, [told]))
    }
    await insight(0.7, 1)
    await settled(support)
    expect((await ticketNow(support, ticket)).escalation).toBeNull()
    await insight(0.85, 2)
    await insight(0.9, 3)
    await insight(0.82, 4)
    await settled(support)
    expect(await ticketNow(support, ticket)).toMatchObject({ escalation: { level: 1 }, assigneeId: senior.id })
  })
})
