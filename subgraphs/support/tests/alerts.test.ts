import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tenant, Ticket } from '../generated/prisma/client.ts'
import { systemActor } from '../src/log/actors.ts'
import { changeTicket, type Step } from '../src/tickets/change.ts'
import { purgeTopicAlerts } from '../src/alerts/service.ts'
import { openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'

let support: TestSupport
beforeAll(async () => void (support = await openSupport()))
afterAll(() => support.close())

const save = `mutation ($input: SaveTopicAlertInput!) { saveTopicAlert(input: $input) {
  topicAlert { id keywords scope expiresAt matching createdBy { id } } userErrors { code path message } } }`
type Saved = {
  saveTopicAlert: {
    topicAlert: { id: string; keywords: string[]; scope: string; expiresAt: string | null; matching: number } | null
    userErrors: object[]
  }
}
const remove =
  'mutation ($id: ID!) { deleteTopicAlert(input: { id: $id }) { deletedId userErrors { code path message } } }'
const inbox = `query ($topicAlerts: [String!], $first: Int, $after: String, $filter: TicketFilter) {
  inbox(topicAlerts: $topicAlerts, first: $first, after: $after, filter: $filter) {
    nodes { id matchesTopicAlert smartScore { total } } pageInfo { hasNextPage endCursor } totalCount matchCount topicAlertsActive asOf
  }
}`
type Inbox = {
  inbox: {
    nodes: { id: string; matchesTopicAlert: boolean; smartScore: { total: number } }[]
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
    totalCount: number
    matchCount: number
    topicAlertsActive: string[]
    asOf: string
  }
}
const day = 86_400_000

async function saved(ask: Ask, input: object) {
  const { data, errors } = await ask<Saved>(save, { input })
  expect(errors).toEqual([])
  return data!.saveTopicAlert
}

const ids = (answer: { data: Inbox | null; errors: readonly object[] }): string[] => {
  expect(answer.errors).toEqual([])
  return answer.data!.inbox.nodes.map(({ id }) => id)
}

async function aShop() {
  const tenant = await support.aTenant()
  const agent = await support.anAgent(tenant)
  return { tenant, agent, ask: await support.asAgent(agent) }
}

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

describe('keywords given with the query', () => {
  it('lift tickets that have one in subject or messages, in any case, as part of a word, once', async () => {
    const { tenant, ask } = await aShop()
    const urgent = await support.aTicket(tenant, { priority: 'URGENT' })
    const subject = await support.aTicket(tenant, { subject: 'VOUCHERcodes are refused' })
    const both = await support.aTicket(tenant, {
      subject: 'Voucher',
      initialMessage: 'A 100%_off voucher.',
      priority: 'LOW',
    })
    const answer = await ask<Inbox>(inbox, { topicAlerts: ['voucher', '100%_OFF', ' Voucher '] })
    expect(ids(answer)).toEqual(
      [subject.id, urgent.id, both.id].toSorted((a, b) => order(answer.data!, a) - order(answer.data!, b)),
    )
    expect(ids(answer).slice(0, 2)).toEqual([subject.id, urgent.id])
    expect(answer.data!.inbox).toMatchObject({ matchCount: 2, topicAlertsActive: [' Voucher '.trim(), '100%_OFF'] })
    expect(answer.data!.inbox.nodes.map(({ matchesTopicAlert }) => matchesTopicAlert)).toEqual([false, false, false])
    const wild = await ask<Inbox>(inbox, { topicAlerts: ['1000_off', '%%'] })
    expect(wild.data!.inbox.matchCount).toBe(0)
  })

  const order = (data: Inbox, id: string) => data.inbox.nodes.findIndex((node) => node.id === id)

  it('are those of smartScore and matchesTopicAlert where these are given some', async () => {
    const { tenant, ask } = await aShop()
    await support.aTicket(tenant, { initialMessage: 'Broken voucher' })
    const query = `{ inbox { nodes { yes: matchesTopicAlert(topicAlerts: ["VOUCHER"]) no: matchesTopicAlert(topicAlerts: ["refund"])
      with: smartScore(topicAlerts: ["vouch"]) { total } without: smartScore(topicAlerts: []) { total } } } }`
    const { data, errors } = await ask<{ inbox: { nodes: Record<string, { total: number }>[] } }>(query)
    expect(errors).toEqual([])
    const [node] = data!.inbox.nodes
    expect(node).toMatchObject({ yes: true, no: false })
    expect(node!['with']!.total - node!['without']!.total).toBe(5)
  })

  it.each([[['x']], [['a'.repeat(101)]], [Array.from({ length: 21 }, (_, n) => `word ${n}`)], [['no\u0000pe']]])(
    'are refused where an alert with them could not be saved: %j',
    async (topicAlerts) => {
      const { ask } = await aShop()
      const { errors } = await ask(inbox, { topicAlerts })
      expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['BAD_USER_INPUT'])
    },
  )
})

describe('a saved topic alert', () => {
  it('lifts what matches by five points, for a day unless it says otherwise', async () => {
    const { tenant, agent, ask } = await aShop()
    const normal = await support.aTicket(tenant, { initialMessage: 'The zip is torn' })
    const urgent = await support.aTicket(tenant, { priority: 'URGENT' })
    expect(ids(await ask<Inbox>(inbox))).toEqual([urgent.id, normal.id])
    const { topicAlert } = await saved(ask, { keywords: ['ZIP', 'torn'] })
    expect(topicAlert).toMatchObject({
      scope: 'MINE',
      matching: 1,
      expiresAt: new Date(support.clock.now().getTime() + day).toISOString(),
    })
    const lifted = await ask<Inbox>(inbox)
    expect(ids(lifted)).toEqual([normal.id, urgent.id])
    expect(lifted.data!.inbox).toMatchObject({ matchCount: 1, totalCount: 2, topicAlertsActive: ['ZIP', 'torn'] })
    expect(lifted.data!.inbox.nodes.map(({ matchesTopicAlert }) => matchesTopicAlert)).toEqual([true, false])
    support.clock.advance(day)
    const later = await support.asAgent(agent)
    expect(ids(await later<Inbox>(inbox))).toEqual([urgent.id, normal.id])
    expect((await later<{ topicAlerts: [] }>('{ topicAlerts { id } }')).data!.topicAlerts).toEqual([])
    expect(await purgeTopicAlerts(support.database.system, support.clock.now())).toBe(1)
    expect(await matchesOf(tenant)).toEqual([])
  })

  it('is for its maker, their teams, or all, and only who leads makes one for others', async () => {
    const tenant = await support.aTenant()
    const lead = await support.anAgent(tenant, { role: 'TEAM_LEAD' })
    const [member, other] = [
      await support.anAgent(tenant, { role: 'AGENT' }),
      await support.anAgent(tenant, { role: 'AGENT' }),
    ]
    const db = support.database.forTenant(tenant.id)
    const team = { tenantId: tenant.id, id: crypto.randomUUID(), name: 'Returns', createdAt: start }
    await db.team.create({ data: team })
    for (const agentId of [lead.id, member.id])
      await db.teamMember.create({ data: { tenantId: tenant.id, teamId: team.id, agentId } })
    const asLead = await support.asAgent(lead)
    const asMember = await support.asAgent(member)
    const asOther = await support.asAgent(other)
    for (const scope of ['MINE', 'TEAM', 'TENANT']) await saved(asLead, { keywords: [`for ${scope}`], scope })
    const active = async (ask: Ask) => (await ask<Inbox>(inbox)).data!.inbox.topicAlertsActive.toSorted()
    expect(await active(asLead)).toEqual(['for MINE', 'for TEAM', 'for TENANT'])
    expect(await active(asMember)).toEqual(['for TEAM', 'for TENANT'])
    expect(await active(asOther)).toEqual(['for TENANT'])
    expect((await saved(asMember, { keywords: ['own'] })).userErrors).toEqual([])
    for (const scope of ['TEAM', 'TENANT'])
      expect((await saved(asMember, { keywords: ['all'], scope })).userErrors).toEqual(
        refusal('FORBIDDEN', 'input', 'scope'),
      )
    const rows = (
      await asLead<{ topicAlerts: { id: string; keywords: string[] }[] }>('{ topicAlerts { id keywords } }')
    ).data!.topicAlerts
    const idOf = (keyword: string) => rows.find(({ keywords }) => keywords.includes(keyword))!.id
    const removed = async (ask: Ask, id: string) =>
      (await ask<{ deleteTopicAlert: { deletedId: string | null; userErrors: object[] } }>(remove, { id })).data!
        .deleteTopicAlert
    expect(await removed(asMember, idOf('for MINE'))).toEqual({
      deletedId: null,
      userErrors: refusal('NOT_FOUND', 'input', 'id'),
    })
    expect(await removed(asMember, idOf('for TENANT'))).toEqual({
      deletedId: null,
      userErrors: refusal('FORBIDDEN', 'input', 'id'),
    })
    expect(await removed(asLead, idOf('for TENANT'))).toEqual({ deletedId: idOf('for TENANT'), userErrors: [] })
    expect(await active(asOther)).toEqual([])
  })

  it.each([
    [{ keywords: [] }, refusal('REQUIRED', 'input', 'keywords')],
    [{ keywords: ['  '] }, refusal('REQUIRED', 'input', 'keywords')],
    [{ keywords: ['x'] }, refusal('INVALID', 'input', 'keywords')],
    [{ keywords: ['x'.repeat(101)] }, refusal('TOO_LONG', 'input', 'keywords')],
    [{ keywords: Array.from({ length: 21 }, (_, n) => `word ${n}`) }, refusal('LIMIT_EXCEEDED', 'input', 'keywords')],
    [{ keywords: ['ok'], scope: 'TEAM' }, refusal('INVALID', 'input', 'scope')],
    [{ keywords: ['ok'], expiresAt: '2026-11-20T00:00:00Z' }, refusal('INVALID', 'input', 'expiresAt')],
    [{ keywords: ['ok'], expiresAt: '2027-06-20T00:00:00Z' }, refusal('INVALID', 'input', 'expiresAt')],
    [{ keywords: ['ok'], id: 'none' }, refusal('NOT_FOUND', 'input', 'id')],
  ])('is refused: %j', async (input, userErrors) => {
    const { ask } = await aShop()
    expect(await saved(ask, input)).toEqual({ topicAlert: null, userErrors })
  })

  it('is one of at most twenty at a time, also when two are saved at once', async () => {
    const { ask } = await aShop()
    for (let n = 0; n < 19; n += 1) expect((await saved(ask, { keywords: [`word ${n}`] })).userErrors).toEqual([])
    const both = await Promise.all(['one', 'two'].map((keyword) => saved(ask, { keywords: [keyword] })))
    expect(both.flatMap(({ userErrors }) => userErrors)).toEqual(refusal('LIMIT_EXCEEDED', 'input'))
  })

  it('fills again when its keywords change, and is another tenant’s to no one', async () => {
    const { tenant, ask } = await aShop()
    const torn = await support.aTicket(tenant, { initialMessage: 'The zip is torn' })
    const late = await support.aTicket(tenant, { initialMessage: 'The parcel is late' })
    const { topicAlert } = await saved(ask, { keywords: ['torn'] })
    expect((await matchesOf(tenant)).map(({ ticketId }) => ticketId)).toEqual([torn.id])
    const again = await saved(ask, { id: topicAlert!.id, keywords: ['late'] })
    expect(again.topicAlert).toMatchObject({ id: topicAlert!.id, keywords: ['late'], matching: 1 })
    expect((await matchesOf(tenant)).map(({ ticketId }) => ticketId)).toEqual([late.id])
    const elsewhere = await aShop()
    expect((await saved(elsewhere.ask, { id: topicAlert!.id, keywords: ['late'] })).userErrors).toEqual(
      refusal('NOT_FOUND', 'input', 'id'),
    )
    expect((await elsewhere.ask<Inbox>(inbox, { topicAlerts: ['late'] })).data!.inbox.matchCount).toBe(0)
  })

  it('misses no ticket that was being changed while it was saved', async () => {
    const { tenant, ask } = await aShop()
    const ticket = await support.aTicket(tenant)
    const [written, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const writing = support.database.transact(tenant.id, async (tx) => {
      const common = { tenantId: tenant.id, ticketId: ticket.id, fromAgent: false, authorName: 'x', createdAt: start }
      await tx.message.create({ data: { ...common, id: crypto.randomUUID(), content: 'It is torn' } })
      const who = { actor: systemActor('AUTOMATION', 'test') }
      await changeTicket(tx, { tenantId: tenant.id, id: ticket.id, who, now: start }, (scene) => [
        { type: 'MESSAGE_RECEIVED', set: { revision: scene.ticket.revision + 1 } },
      ])
      written.resolve()
      await finish.promise
    })
    await written.promise
    const saving = saved(ask, { keywords: ['torn'] })
    // Committed, and waiting for the writer, who did not know of it.
    await expect.poll(() => support.database.forTenant(tenant.id).topicAlert.count()).toBe(1)
    finish.resolve()
    await writing
    expect((await saving).topicAlert).toMatchObject({ matching: 1 })
  })
})

describe('the match table', () => {
  const operation = fc.record({
    what: fc.constantFrom('say', 'close', 'reopen', 'reprioritise', 'rename', 'unsay', 'open', 'save', 'remove', 'age'),
    which: fc.nat(),
    word: fc.constantFrom('torn zip', 'Late parcel', 'nothing'),
    priority: fc.constantFrom('URGENT', 'HIGH', 'NORMAL', 'LOW'),
  })

  it('holds the open tickets that have a keyword, with their ranks, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 14 }), async (operations) => {
        const { tenant, ask } = await aShop()
        const db = support.database.forTenant(tenant.id)
        const { id: customerId } = await support.aCustomer(tenant)
        await support.aTicket(tenant, { customerId, subject: 'torn' })
        await saved(ask, { keywords: ['torn'] })
        await saved(ask, { keywords: ['late', 'torn'] })
        for (const one of operations) {
          const tickets = await db.ticket.findMany({ orderBy: { id: 'asc' } })
          const alerts = await db.topicAlert.findMany({ orderBy: { id: 'asc' } })
          await perform(one, {
            tenant,
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

  type Situation = { tenant: Tenant; ask: Ask; customerId: string; ticket: Ticket; alertId: string | undefined }
  type Operation = { what: string; word: string; priority: string }
  async function perform({ what, word, priority }: Operation, { tenant, ask, customerId, ticket, alertId }: Situation) {
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
      tickets.flatMap(({ id, rank, subject, messages }) => {
        const texts = [subject, ...messages.filter(({ deletedAt }) => deletedAt === null).map(({ content }) => content)]
        const has = alert.keywords.some((keyword) =>
          texts.some((one) => one.toLowerCase().includes(keyword.toLowerCase())),
        )
        return has ? [{ tenantId: tenant.id, alertId: alert.id, ticketId: id, rank }] : []
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

  it('refuses a cursor of other alerts', async () => {
    const { tenant, ask } = await aShop()
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
})

describe('suggested topic alerts', () => {
  const query = '{ suggestedTopicAlerts { keyword matching baseline explanation } }'
  it('are what rises, with what was to be expected, and nothing that names a person', async () => {
    const { tenant, ask } = await aShop()
    const { id: customerId } = await support.aCustomer(tenant, { name: 'Zoltan Quist' })
    const ticket = await support.aTicket(tenant, { customerId, initialMessage: 'The parcel is late' })
    await support.asOwner(
      `WITH added AS (
        INSERT INTO ticket (tenant_id, id, number, subject, channel, customer_id, rank, created_at, updated_at)
        SELECT $1, gen_random_uuid(), 5000 + n, 'x', 'EMAIL', $2, 0, at, at
        FROM generate_series(1, 140) AS n, LATERAL (SELECT $3::timestamptz - (n % 14 + 1) * interval '24 hours' - interval '1 hour' AS at) AS t
        RETURNING tenant_id, id, created_at)
      INSERT INTO message (tenant_id, id, ticket_id, from_agent, author_name, content, created_at)
      SELECT tenant_id, gen_random_uuid(), id, false, 'x', 'The parcel is late', created_at FROM added`,
      [tenant.id, customerId, support.clock.now()],
    )
    for (let n = 0; n < 6; n += 1)
      await support.aTicket(tenant, {
        customerId,
        initialMessage: `Checkout broken for order 88${n}, says Zoltan Quist`,
      })
    expect(ticket.status).toBe('OPEN')
    type Suggested = {
      suggestedTopicAlerts: { keyword: string; matching: number; baseline: number; explanation: string }[]
    }
    const { data, errors } = await ask<Suggested>(query)
    expect(errors).toEqual([])
    expect(data!.suggestedTopicAlerts).toMatchObject([{ keyword: 'checkout broken', matching: 6 }])
    const [{ baseline, explanation } = { baseline: 9, explanation: '' }] = data!.suggestedTopicAlerts
    expect(baseline).toBeLessThan(1)
    expect(explanation).toMatch(/“checkout broken” is in 6 tickets of the last 6 hours/)
    await saved(ask, { keywords: ['checkout'] })
    expect((await ask<Suggested>(query)).data!.suggestedTopicAlerts.map(({ keyword }) => keyword)).not.toContain(
      'checkout broken',
    )
    expect((await (await aShop()).ask<Suggested>(query)).data!.suggestedTopicAlerts).toEqual([])
  })
})
