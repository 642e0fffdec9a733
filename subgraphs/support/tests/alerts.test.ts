import { prepareJobs } from '@quimbi/database/jobs.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemActor } from '../src/log/actors.ts'
import { changeTicket } from '../src/tickets/change.ts'
import { fillJob } from '../src/alerts/fill-job.ts'
import { purgeTopicAlerts } from '../src/alerts/service.ts'
import { day, ids, inbox, remove, saved, type Inbox } from './alerts-kit.ts'
import { openSupport, refusal, start, type Ask, type TestSupport } from './kit.ts'
import { aShop } from './lifecycle-kit.ts'

let support: TestSupport
beforeAll(async () => {
  support = await openSupport()
  await prepareJobs(support.url)
})
afterAll(() => support.close())

const matchesOf = (tenantId: string) => support.database.forTenant(tenantId).topicAlertMatch.findMany()

describe('keywords given with the query', () => {
  it('lift tickets that have one in subject or messages, in any case, as part of a word, once', async () => {
    const { tenant, ask } = await aShop(support)
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
    const { tenant, ask } = await aShop(support)
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
      const { ask } = await aShop(support)
      const { errors } = await ask(inbox, { topicAlerts })
      expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['BAD_USER_INPUT'])
    },
  )
})

describe('a saved topic alert', () => {
  it('lifts what matches by five points, for a day unless it says otherwise', async () => {
    const { tenant, agent, ask } = await aShop(support)
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
    expect(await matchesOf(tenant.id)).toEqual([])
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
    const { ask } = await aShop(support)
    expect(await saved(ask, input)).toEqual({ topicAlert: null, userErrors })
  })

  it('is one of at most twenty at a time, also when two are saved at once', async () => {
    const { ask } = await aShop(support)
    for (let n = 0; n < 19; n += 1) expect((await saved(ask, { keywords: [`word ${n}`] })).userErrors).toEqual([])
    const both = await Promise.all(['one', 'two'].map((keyword) => saved(ask, { keywords: [keyword] })))
    expect(both.flatMap(({ userErrors }) => userErrors)).toEqual(refusal('LIMIT_EXCEEDED', 'input'))
  })

  it('fills again when its keywords change, and is another tenant’s to no one', async () => {
    const { tenant, ask } = await aShop(support)
    const torn = await support.aTicket(tenant, { initialMessage: 'The zip is torn' })
    const late = await support.aTicket(tenant, { initialMessage: 'The parcel is late' })
    const { topicAlert } = await saved(ask, { keywords: ['torn'] })
    expect((await matchesOf(tenant.id)).map(({ ticketId }) => ticketId)).toEqual([torn.id])
    const again = await saved(ask, { id: topicAlert!.id, keywords: ['late'] })
    expect(again.topicAlert).toMatchObject({ id: topicAlert!.id, keywords: ['late'], matching: 1 })
    expect((await matchesOf(tenant.id)).map(({ ticketId }) => ticketId)).toEqual([late.id])
    const elsewhere = await aShop(support)
    expect((await saved(elsewhere.ask, { id: topicAlert!.id, keywords: ['late'] })).userErrors).toEqual(
      refusal('NOT_FOUND', 'input', 'id'),
    )
    expect((await elsewhere.ask<Inbox>(inbox, { topicAlerts: ['late'] })).data!.inbox.matchCount).toBe(0)
  })

  it('misses no ticket that was being changed while it was saved', async () => {
    const { tenant, ask } = await aShop(support)
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

  it('is filled by a job where whoever saved it died before it was', async () => {
    const { tenant, ask } = await aShop(support)
    const { id } = await support.aTicket(tenant, { initialMessage: 'The zip is torn' })
    const { topicAlert } = await saved(ask, { keywords: ['torn'] })
    const asked = { tenantId: tenant.id, alertId: topicAlert!.id }
    const waiting = await support.asOwner(
      `SELECT run_at AS "runAt" FROM graphile_worker.jobs WHERE task_identifier = 'support.fill_alert' AND key LIKE $1`,
      [`${tenant.id}:%${topicAlert!.id}`],
    )
    expect(waiting).toEqual([{ runAt: new Date(support.clock.now().getTime() + 60_000) }])
    await support.database.system.topicAlertMatch.deleteMany({ where: { tenantId: tenant.id } })
    const helpers = { jobId: '1', attempt: 1, signal: AbortSignal.timeout(60_000) }
    await fillJob(support).run(asked, helpers)
    expect(await matchesOf(tenant.id)).toMatchObject([{ alertId: asked.alertId, ticketId: id }])
    await ask(remove, { id: asked.alertId })
    await fillJob(support).run(asked, helpers)
    expect(await matchesOf(tenant.id)).toEqual([])
  })
})

describe('suggested topic alerts', () => {
  const query = '{ suggestedTopicAlerts { keyword matching baseline explanation } }'
  it('are what rises, with what was to be expected, and nothing that names a person', async () => {
    const { tenant, ask } = await aShop(support)
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
    // Out-of-office answers rise as fast, and are nobody's topic.
    for (let n = 0; n < 6; n += 1) {
      const one = await support.aTicket(tenant, { customerId, initialMessage: 'The parcel is late' })
      await support.aMessage(one, { fromAgent: false, isAutomatic: true, content: 'Annual holiday until Monday' })
    }
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
    expect((await (await aShop(support)).ask<Suggested>(query)).data!.suggestedTopicAlerts).toEqual([])
  })
})
