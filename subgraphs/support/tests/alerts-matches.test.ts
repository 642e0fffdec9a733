import fc from 'fast-check'
import { prepareJobs } from '@quimbi/database/jobs.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { systemActor } from '../src/log/actors.ts'
import { changeTicket, changeTickets } from '../src/tickets/change.ts'
import type { Step } from '../src/tickets/steps.ts'
import { day, ids, inbox, remove, saved, type Inbox } from './alerts-kit.ts'
import { codesOf, openSupport, start, type Ask, type TestAgent, type TestSupport } from './kit.ts'
import { aShop } from './lifecycle-kit.ts'

let support: TestSupport
beforeAll(async () => {
  support = await openSupport()
  await prepareJobs(support.url)
})
afterAll(() => support.close())

const matchesOf = (tenant: Pick<Tenant, 'id'>) =>
  support.database.forTenant(tenant.id).topicAlertMatch.findMany({ orderBy: [{ alertId: 'asc' }, { ticketId: 'asc' }] })

/** Changes a ticket as the system does. */
const change = ({ tenantId, id }: Pick<Ticket, 'tenantId' | 'id'>, decide: (ticket: Ticket) => Step[]) =>
  support.database.transact(tenantId, (tx) =>
    changeTicket(
      tx,
      { tenantId, id, who: { actor: systemActor('AUTOMATION', 'test') }, now: support.clock.now() },
      ({ ticket }) => decide(ticket),
    ),
  )

const closeAll = ({ id: tenantId }: Pick<Tenant, 'id'>) =>
  support.database.transact(tenantId, async (tx) => {
    const open = await tx.ticket.findMany({ where: { status: 'OPEN' } })
    const who = { actor: systemActor('AUTOMATION', 'test') }
    const call = { tenantId, who, now: support.clock.now(), ids: open.map(({ id }) => id) }
    await changeTickets(tx, call, ({ now }) => [
      { type: 'STATUS_CHANGED', set: { status: 'CLOSED', stateSince: now, closedAt: now } },
    ])
  })

const assign = (ticket: Ticket, assigneeId: string | null) =>
  change(ticket, () => [
    { type: 'ASSIGNED', set: { assigneeId }, assignment: { strategy: 'MANUAL', explanation: 'As the test has it.' } },
  ])

const say = (ticket: Ticket, content: string) =>
  support.database.transact(ticket.tenantId, async (tx) => {
    const { tenantId, id: ticketId } = ticket
    const message = {
      tenantId,
      id: crypto.randomUUID(),
      ticketId,
      fromAgent: false,
      authorName: 'x',
      content,
      createdAt: start,
    }
    await tx.message.create({ data: message })
    const who = { actor: systemActor('AUTOMATION', 'test') }
    await changeTicket(tx, { tenantId, id: ticketId, who, now: support.clock.now() }, (scene) => [
      { type: 'MESSAGE_RECEIVED', messageId: message.id, set: { revision: scene.ticket.revision + 1 } },
    ])
    return message.id
  })

describe('the match table', () => {
  const operation = fc.record({
    what: fc.constantFrom(
      ...[
        'say',
        'close',
        'reopen',
        'reprioritise',
        'rename',
        'unsay',
        'open',
        'save',
        'remove',
        'age',
        'assign',
        'free',
      ],
    ),
    which: fc.nat(),
    word: fc.constantFrom('torn zip', 'Late parcel', 'nothing'),
    priority: fc.constantFrom('URGENT', 'HIGH', 'NORMAL', 'LOW'),
  })

  it('holds the open tickets that have a keyword, with their ranks and whose they are, whatever happens', async () => {
    const { tenant, agent, ask } = await aShop(support)
    const db = support.database.forTenant(tenant.id)
    const { id: customerId } = await support.aCustomer(tenant)
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 14 }), async (operations) => {
        await closeAll(tenant)
        for (const { id } of await db.topicAlert.findMany()) await ask(remove, { id })
        await support.aTicket(tenant, { customerId, subject: 'torn' })
        await saved(ask, { keywords: ['torn'] })
        await saved(ask, { keywords: ['late', 'torn'] })
        for (const one of operations) {
          const tickets = await db.ticket.findMany({ orderBy: { id: 'asc' } })
          const alerts = await db.topicAlert.findMany({ orderBy: { id: 'asc' } })
          await perform(one, {
            tenant,
            agent,
            ask,
            customerId,
            ticket: tickets[one.which % tickets.length]!,
            alertId: alerts[one.which % (alerts.length || 1)]?.id,
          })
          expect(await matchesOf(tenant)).toEqual(await expected(tenant))
        }
      }),
      { numRuns: 12 },
    )
  })

  type Situation = {
    tenant: Tenant
    agent: TestAgent
    ask: Ask
    customerId: string
    ticket: Ticket
    alertId: string | undefined
  }
  type Operation = { what: string; word: string; priority: string }
  async function perform({ what, word, priority }: Operation, situation: Situation) {
    const { tenant, agent, ask, customerId, ticket, alertId } = situation
    const db = support.database.forTenant(tenant.id)
    const now = support.clock.now()
    const to = (status: string): Step[] => [
      {
        type: 'STATUS_CHANGED',
        set: { status, waitingOn: null, stateSince: now, closedAt: status === 'CLOSED' ? now : null },
      },
    ]
    if (what === 'say') await say(ticket, word)
    else if (what === 'close') await change(ticket, () => to('CLOSED'))
    else if (what === 'reopen') await change(ticket, () => to('OPEN'))
    else if (what === 'reprioritise') await change(ticket, () => [{ type: 'PRIORITY_CHANGED', set: { priority } }])
    else if (what === 'rename') await change(ticket, () => [{ type: 'TICKET_UPDATED', set: { subject: word } }])
    else if (what === 'assign' || what === 'free') await assign(ticket, what === 'assign' ? agent.id : null)
    else if (what === 'open') await support.aTicket(tenant, { customerId, subject: word })
    else if (what === 'save') await saved(ask, { ...(alertId && { id: alertId }), keywords: [word] })
    else if (what === 'remove' && alertId) await ask(remove, { id: alertId })
    else if (what === 'age') support.clock.advance(3_600_000)
    else if (what === 'unsay') {
      const last = await db.message.findFirst({ where: { ticketId: ticket.id, deletedAt: null } })
      if (last) await db.message.updateMany({ where: { id: last.id }, data: { deletedAt: now, content: '' } })
      await change(ticket, ({ revision }) => [{ type: 'MESSAGE_DELETED', set: { revision: revision + 1 } }])
    }
  }

  /** What the table must hold, from the rows themselves. */
  async function expected(tenant: Tenant) {
    const db = support.database.forTenant(tenant.id)
    const alerts = await db.topicAlert.findMany({ orderBy: { id: 'asc' } })
    const tickets = await db.ticket.findMany({
      where: { status: 'OPEN' },
      include: { messages: true },
      orderBy: { id: 'asc' },
    })
    return alerts.flatMap((alert) =>
      tickets.flatMap(({ id, rank, assigneeId, subject, messages }) => {
        const texts = [subject, ...messages.filter(({ deletedAt }) => deletedAt === null).map(({ content }) => content)]
        const has = alert.keywords.some((keyword) =>
          texts.some((one) => one.toLowerCase().includes(keyword.toLowerCase())),
        )
        return has ? [{ tenantId: tenant.id, alertId: alert.id, ticketId: id, rank, assigneeId }] : []
      }),
    )
  }
})

describe('the merged inbox', () => {
  it('is in the order of the scores and pages without skipping or repeating, for every role', async () => {
    const tenant = await support.aTenant()
    const { id: customerId } = await support.aCustomer(tenant)
    const agents = [
      await support.anAgent(tenant, { role: 'AGENT' }),
      await support.anAgent(tenant, { role: 'MANAGER' }),
    ]
    for (let n = 0; n < 40; n += 1) {
      const priority = (['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const)[n % 4]!
      const initialMessage = ['torn', 'late', 'torn and late', 'fine'][((n * 7) % 4) ^ (n % 3)]!
      await support.aTicket(
        tenant,
        { customerId, priority, initialMessage },
        { assigneeId: [null, agents[0]!.id, agents[1]!.id][n % 3]! },
      )
      support.clock.advance(n % 5 === 0 ? day : 0)
    }
    for (const agent of agents) {
      const ask = await support.asAgent(agent)
      await saved(ask, { keywords: ['torn'] })
      await saved(ask, { keywords: ['late'] })
      for (const topicAlerts of [null, ['torn', 'late']]) {
        const { data } = await ask<Inbox>(inbox, { first: 100, topicAlerts })
        const { nodes, totalCount, matchCount } = data!.inbox
        expect(nodes).toHaveLength(totalCount)
        expect(totalCount).toBe(agent === agents[0] ? 27 : 40)
        expect(matchCount).toBe(nodes.filter(({ matchesTopicAlert }) => matchesTopicAlert).length)
        const totals = nodes.map(({ smartScore }) => smartScore.total)
        expect(totals.every((total, at) => at === 0 || total <= totals[at - 1]! + 1e-9)).toBe(true)
        const paged: string[] = []
        for (let after: string | null = null; ;) {
          const answer: Awaited<ReturnType<typeof ask<Inbox>>> = await ask<Inbox>(inbox, {
            first: 3,
            after,
            topicAlerts,
          })
          paged.push(...ids(answer))
          after = answer.data!.inbox.pageInfo.endCursor
          if (!answer.data!.inbox.pageInfo.hasNextPage) break
        }
        expect(paged).toEqual(nodes.map(({ id }) => id))
      }
    }
  })

  // The oracle: every ticket, by what a score is made of, sorted. Small numbers, so that ranks and keys often are equal.
  it('is what sorting all tickets by rank and matches gives, for the role AGENT, whatever was assigned since', async () => {
    const kind = fc.record({
      text: fc.constantFrom('torn', 'late', 'torn and late', 'fine'),
      priority: fc.constantFrom<('LOW' | 'HIGH' | 'URGENT')[]>('LOW', 'HIGH', 'URGENT'),
      whose: fc.constantFrom('mine', 'others', 'nobodys'),
    })
    const move = fc.record({ which: fc.nat(), whose: fc.constantFrom('mine', 'others', 'nobodys') })
    const world = fc.record({
      kinds: fc.array(kind, { minLength: 4, maxLength: 10 }),
      moves: fc.array(move, { maxLength: 4 }),
      filter: fc.constantFrom<{ priority?: string[]; unassigned?: boolean }>(
        ...[{}, { priority: ['LOW', 'URGENT'] }, { unassigned: true }, { unassigned: false }],
      ),
      first: fc.integer({ min: 2, max: 6 }),
    })
    const tenant = await support.aTenant()
    const [agent, other] = [await support.anAgent(tenant, { role: 'AGENT' }), await support.anAgent(tenant)]
    const ask = await support.asAgent(agent)
    const { id: customerId } = await support.aCustomer(tenant)
    const idOf = (whose: string) => (whose === 'mine' ? agent.id : whose === 'others' ? other.id : null)
    for (const keywords of [['torn'], ['late']]) await saved(ask, { keywords })
    let lifted = 0
    await fc.assert(
      fc.asyncProperty(world, async ({ kinds, moves, filter, first }) => {
        await closeAll(tenant)
        const tickets: Ticket[] = []
        for (const { text, priority, whose } of kinds) {
          const ticket = await support.aTicket(tenant, { customerId, priority, subject: text, initialMessage: '…' })
          await assign(ticket, idOf(whose))
          tickets.push(ticket)
        }
        for (const { which, whose } of moves) await assign(tickets[which % tickets.length]!, idOf(whose))
        const open = await support.database.forTenant(tenant.id).ticket.findMany({ where: { status: 'OPEN' } })
        const passes = ({ priority, assigneeId }: Ticket) =>
          (assigneeId === null || assigneeId === agent.id) &&
          (filter.priority?.includes(priority) ?? true) &&
          (filter.unassigned === undefined || (assigneeId === null) === filter.unassigned)
        const isAbout = ({ subject }: Ticket) => subject !== 'fine'
        const key = (ticket: Ticket) => ticket.rank + (isAbout(ticket) ? 5 : 0)
        const expected = open.filter(passes).toSorted((a, b) => key(b) - key(a) || (a.id < b.id ? -1 : 1))
        const paged: string[] = []
        for (let after: string | null = null; ;) {
          const answer: Awaited<ReturnType<typeof ask<Inbox>>> = await ask<Inbox>(inbox, { first, after, filter })
          paged.push(...ids(answer))
          expect(answer.data!.inbox.matchCount).toBe(expected.filter(isAbout).length)
          after = answer.data!.inbox.pageInfo.endCursor
          if (!answer.data!.inbox.pageInfo.hasNextPage) break
        }
        expect(paged).toEqual(expected.map(({ id }) => id))
        lifted += expected.filter(isAbout).length
      }),
      { numRuns: 12 },
    )
    expect(lifted).toBeGreaterThan(12)
  })

  it('refuses a cursor of other alerts', async () => {
    const { tenant, ask } = await aShop(support)
    await support.aTicket(tenant)
    await support.aTicket(tenant)
    const first = await ask<Inbox>(inbox, { first: 1 })
    const after = first.data!.inbox.pageInfo.endCursor
    await saved(ask, { keywords: ['torn'] })
    const { errors } = await ask(inbox, { first: 1, after })
    expect(errors).toMatchObject([
      { message: expect.stringContaining('first page'), extensions: { code: 'BAD_USER_INPUT' } },
    ])
    expect((await ask(inbox, { first: 1, after, topicAlerts: [] })).errors).toEqual([])
  })

  it('refuses a cursor of another formula', async () => {
    const { tenant, ask } = await aShop(support)
    for (let n = 0; n < 2; n += 1) await support.aTicket(tenant)
    const after = (await ask<Inbox>(inbox, { first: 1 })).data!.inbox.pageInfo.endCursor
    const data = { scoringWeights: { urgency: 9 }, configVersion: 9 }
    await support.database.system.tenant.updateMany({ where: { id: tenant.id }, data })
    expect(codesOf(await ask(inbox, { first: 1, after }))).toEqual(['BAD_USER_INPUT'])
  })
})
