import { newId } from '@quimbi/database/ids.ts'
import { withTenant } from '@quimbi/database/tenancy.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countsQuery } from '../src/assistant/actions/effects.ts'
import { actionId, readActionId, revisionOf } from '../src/assistant/actions/ids.ts'
import { lensOf } from '../src/profiles/lens.ts'
import { aShop, idOf, passedIn, regular } from './advice-kit.ts'
import { asOwner, now, partner } from './analytics-kit.ts'
import { anOrder, dayMs, openWorld, startOfTime, type World } from './kit.ts'

let world: World
let tenantId: string
beforeAll(async () => {
  world = await openWorld()
  await lensOf(world.database.system, newId())
  tenantId = await aShop(world, 10)
}, 120_000)
afterAll(() => world.close())

const plan = `actions { id action priority reasoning retentionProbability revenueAtRisk { amount currencyCode } cost { amount currencyCode }
  confidence } warnings talkingPoints revenueAtRisk { amount } generator generatedAt`
type Plan = {
  actions: {
    id: string
    action: string
    priority: number
    reasoning: string
    retentionProbability: number | null
    cost: { amount: string } | null
  }[]
  warnings: string[]
  talkingPoints: string[]
  revenueAtRisk: { amount: string } | null
  generator: string
}
const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Ticket { id nextBestActions { ${plan} } } } }`
const suggest = `query ($input: SuggestActionsInput!) { suggestActions(input: $input) { ${plan} } }`
const record = `mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) { accepted updated duplicates userErrors { code path } } }`
type Recorded = {
  recordOutcome: {
    accepted: number
    updated: number
    duplicates: number
    userErrors: { code: string; path: string[] }[]
  }
}

const refunds = {
  id: newId(),
  kind: 'REFUND',
  text: 'Refunds within 30 days.',
  maxCompensation: '15.00',
  maxDiscountPercent: null,
}
const context = (content: string, more: object = {}) => ({
  ...{ subject: 'My order', channel: 'EMAIL', priority: 'HIGH', sentiment: null, customerName: 'Maria', isVip: true },
  ...{
    locale: null,
    agentName: null,
    brand: 'Shop',
    signature: null,
    revision: 'r1',
    pastTickets: [],
    policies: [refunds],
  },
  turns: [{ messageId: newId(), fromAgent: false, content, createdAt: startOfTime }],
  ...more,
})
const ticket = (nth: number, content: string, more: object = {}) => ({
  ...{ __typename: 'Ticket', id: newId(), customer: { __typename: 'Customer', id: idOf(tenantId, nth) } },
  conversationContext: context(content),
  ...more,
})
const advise = async (representations: object[], facts?: object) => {
  const asked = { ...(facts ?? (await world.agent(tenantId, 'AGENT'))), caller: 'gateway' } as const
  const { data, codes } = await world.ask<{ _entities: ({ nextBestActions: Plan | null } | null)[] }>(
    entities,
    { representations },
    asked,
  )
  return { plans: data?._entities.map((one) => one?.nextBestActions ?? null) ?? null, codes }
}
const say = async (input: object, facts?: object) =>
  world.ask<Recorded>(record, { input }, facts ?? (await world.agent(tenantId, 'AGENT')))

describe('what to do next about a ticket', { timeout: 60_000 }, () => {
  it('comes from the conversation, the orders, the policies and the models', async () => {
    const { plans, codes } = await advise([ticket(0, 'I want my money back for my order, this is unacceptable!')])
    expect(codes).toEqual([])
    const [given] = plans!
    expect(given).toMatchObject({
      generator: 'built-in',
      revenueAtRisk: { amount: expect.stringMatching(/^\d+\.\d\d$/) as string },
    })
    expect(given!.warnings).toContain('VIP.')
    expect(given!.actions.map(({ id }) => readActionId(id)?.kind).slice(0, 2)).toEqual(['answer', 'refund'])
    expect(given!.actions[1]).toMatchObject({ cost: { amount: '15.00', currencyCode: 'USD' } })
    for (const { retentionProbability } of given!.actions) expect(retentionProbability).toBeGreaterThan(0)
    const [again] = (await advise([ticket(0, 'I want my money back for my order, this is unacceptable!')])).plans!
    expect(again!.actions.map(({ action }) => action)).toEqual(given!.actions.map(({ action }) => action))
  })

  it('is null where Support tells nothing, and knows who is unknown', async () => {
    const { plans } = await advise([
      ticket(0, '', { conversationContext: null }),
      ticket(0, 'Hello, where is my order?', { customer: { __typename: 'Customer', id: newId() } }),
    ])
    expect(plans![0]).toBeNull()
    expect(plans![1]).toMatchObject({ revenueAtRisk: null })
    expect(plans![1]!.actions[0]).toMatchObject({ retentionProbability: null, revenueAtRisk: null })
  })

  it('refuses what is no conversation, for that ticket', async () => {
    const { codes } = await advise([ticket(0, '', { conversationContext: { subject: 'x' } })])
    expect(codes).toEqual(['BAD_USER_INPUT'])
  })

  it('takes a page of 50 tickets without a statement more than two', async () => {
    const many = Array.from({ length: 50 }, (_, at) => ticket(at % 10, `Where is my order ${10_000 + at}?`))
    await advise(many)
    const few = await world.statementsOf(() => advise(many.slice(0, 2)))
    expect(await world.statementsOf(() => advise(many))).toBe(few)
    expect(few).toBeLessThan(25)
  })
})

describe('what to do next about anybody', { timeout: 60_000 }, () => {
  const ask = async (input: object, facts?: object) =>
    world.ask<{ suggestActions: Plan }>(suggest, { input }, facts ?? (await world.agent(tenantId, 'AGENT')))

  it.each(['SUPPORT_TICKET', 'SALES_OPPORTUNITY', 'MARKETING_CAMPAIGN'])(
    '%s: known, passed in, or nobody',
    async (scenario) => {
      const profile = passedIn(regular(3, 4))
      for (const whom of [{ customerId: idOf(tenantId, 3) }, { profile }, {}]) {
        const { data, codes } = await ask({ scenario, ...whom })
        expect(codes).toEqual([])
        expect(data!.suggestActions.actions.length).toBeGreaterThan(0)
      }
      const [stored, passed] = await Promise.all([
        ask({ scenario, customerId: idOf(tenantId, 3) }),
        ask({ scenario, profile }),
      ])
      const said = ({ data }: typeof stored) =>
        data!.suggestActions.actions.map(({ action, retentionProbability }) => [action, retentionProbability])
      expect(said(stored)).toEqual(said(passed))
    },
  )

  it('offers no money without a policy, whoever it is', async () => {
    for (let nth = 0; nth < 10; nth++) {
      const { data } = await ask({ scenario: 'MARKETING_CAMPAIGN', goal: 'WIN_BACK', customerId: idOf(tenantId, nth) })
      expect(data!.suggestActions.actions.map(({ cost }) => cost)).toEqual(data!.suggestActions.actions.map(() => null))
    }
  })

  it('refuses who is unknown, two customers, and a partner without the scope', async () => {
    const scenario = 'SALES_OPPORTUNITY'
    expect((await ask({ scenario, customerId: newId() })).codes).toEqual(['NOT_FOUND'])
    expect((await ask({ scenario, customerId: idOf(tenantId, 0), profile: passedIn(regular(0)) })).codes).toEqual([
      'BAD_USER_INPUT',
    ])
    expect((await ask({ scenario }, await partner(world, tenantId, ['ingest']))).codes).toEqual(['FORBIDDEN'])
  })

  it('keeps nothing', async () => {
    const before = await world.rows('SELECT * FROM action_outcome')
    await ask({
      scenario: 'SUPPORT_TICKET',
      customerId: idOf(tenantId, 1),
      turns: [{ fromAgent: false, content: 'Hi' }],
    })
    expect(await world.rows('SELECT * FROM action_outcome')).toEqual(before)
  })
})

describe('what became of advice', { timeout: 60_000 }, () => {
  const anAction = (customerId: string | null = idOf(tenantId, 2)) =>
    actionId({ kind: 'discount', customerId, ticketId: newId(), revision: revisionOf(newId()) })

  it('is kept once: the last word counts', async () => {
    const id = anAction()
    const counts = async (outcome: string, value?: number) => {
      const { accepted, updated, duplicates } = (await say({ actionId: id, outcome, value })).data!.recordOutcome
      return [accepted, updated, duplicates]
    }
    expect(await counts('TAKEN')).toEqual([1, 0, 0])
    expect(await counts('TAKEN')).toEqual([0, 0, 1])
    expect(await counts('TAKEN', 5)).toEqual([0, 1, 0])
    expect(await counts('DISMISSED')).toEqual([0, 1, 0])
    expect(await world.rows('SELECT kind, outcome, value, customer_id FROM action_outcome WHERE id = $1', id)).toEqual([
      { kind: 'discount', outcome: 'DISMISSED', value: null, customer_id: idOf(tenantId, 2) },
    ])
  })

  it('is refused with a code where it is of nothing', async () => {
    const theirs = await aShop(world, 1)
    for (const [input, refused] of [
      [{ outcome: 'TAKEN' }, ['INVALID', 'input']],
      [{ actionId: anAction(), draftId: newId(), outcome: 'TAKEN' }, ['INVALID', 'input']],
      [{ actionId: anAction(), outcome: 'SHOWN' }, ['INVALID', 'input', 'outcome']],
      [{ actionId: anAction(), outcome: 'taken' }, ['INVALID', 'input', 'outcome']],
      [{ actionId: anAction(), outcome: 'TAKEN', value: 1e13 }, ['INVALID', 'input', 'value']],
      [{ actionId: 'nonsense', outcome: 'TAKEN' }, ['INVALID', 'input', 'actionId']],
      [{ actionId: anAction(newId()), outcome: 'TAKEN' }, ['NOT_FOUND', 'input', 'actionId']],
      [{ actionId: anAction(idOf(theirs, 0)), outcome: 'TAKEN' }, ['NOT_FOUND', 'input', 'actionId']],
      [{ draftId: newId(), outcome: 'SHOWN' }, ['NOT_FOUND', 'input', 'draftId']],
      [{ draftId: 'nonsense', outcome: 'SHOWN' }, ['NOT_FOUND', 'input', 'draftId']],
    ] as const) {
      const [code, ...path] = refused
      expect((await say(input)).data!.recordOutcome).toEqual({
        accepted: 0,
        updated: 0,
        duplicates: 0,
        userErrors: [{ code, path }],
      })
    }
  })

  it('is kept of drafts too, of the tenant’s own', async () => {
    const draftId = newId()
    await world.rows(
      `INSERT INTO draft (tenant_id, id, ticket_id, key, content, tone, length, channel, citations, personalization, reasoning, confidence, based_on,
         basis, generator, generated_at)
       VALUES ($1, $2, $3, sha256('x'), 'Hi', 'FRIENDLY', 'SHORT', 'CHAT', '[]', '{}', '', 1, 'r', '{}', 'built-in', $4)`,
      ...[tenantId, draftId, newId(), now],
    )
    const kept = await say({ draftId: draftId.toUpperCase(), outcome: 'SENT_EDITED', value: 0.2 })
    expect(kept.data!.recordOutcome).toMatchObject({ accepted: 1, userErrors: [] })
    expect((await say({ draftId, outcome: 'TAKEN' })).data!.recordOutcome.userErrors).toMatchObject([
      { code: 'INVALID' },
    ])
    const other = await say({ draftId, outcome: 'SHOWN' }, await world.agent(newId(), 'AGENT'))
    expect(other.data!.recordOutcome.userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
  })
})

describe('what an action was measured to change', { timeout: 120_000 }, () => {
  it('is told once enough customers had it, and had their time', async () => {
    const shop = await aShop(world, 80)
    const { horizonDays } = await lensOf(world.database.forTenant(shop), shop)
    const at = new Date(now.getTime() - (horizonDays + 5) * dayMs)
    const ids = Array.from({ length: 80 }, (_, nth) => idOf(shop, nth))
    await world.rows('DELETE FROM customer_order WHERE tenant_id = $1', shop)
    // Of the first forty nine in ten came back, of the others one in ten.
    const back = ids.flatMap((_, nth) => (nth % 10 < (nth < 40 ? 9 : 1) ? [nth] : []))
    await world.ingest(
      shop,
      back.map((nth) =>
        anOrder({ customer: { externalId: `C-${nth}` }, placedAt: new Date(at.getTime() + 3 * dayMs) }),
      ),
    )
    const keep = (outcome: string, nth: number, when: Date) =>
      world.rows(
        'INSERT INTO action_outcome (tenant_id, id, kind, customer_id, outcome, at) VALUES ($1, $2, $3, $4, $5, $6)',
        ...[shop, newId(), 'answer', ids[nth], outcome, when],
      )
    for (let nth = 0; nth < 80; nth++) await keep(nth < 40 ? 'TAKEN' : 'DISMISSED', nth, at)
    // Whose time is not up yet, and who was heard of before: neither counts.
    for (let nth = 0; nth < 40; nth++) {
      await keep('DISMISSED', nth, new Date(now.getTime() - dayMs))
      await keep('DISMISSED', nth, new Date(at.getTime() + dayMs))
    }
    const agent = await world.agent(shop, 'AGENT')
    const asked = { ...ticket(0, 'Where is my order?'), customer: { __typename: 'Customer', id: ids[0] } }
    const [plan] = (await advise([asked], agent)).plans!
    const answer = plan!.actions.find(({ id }) => readActionId(id)?.kind === 'answer')!
    expect(answer.reasoning).toContain(
      `within ${horizonDays} days 36 of 40 customers ordered where it was done, 4 of 40 (10%) where it was dismissed: 80 points more`,
    )
    // Nobody else's outcomes are measured.
    const [theirs] = (await advise([ticket(0, 'Where is my order?')])).plans!
    expect(theirs!.actions.map(({ reasoning }) => reasoning).join(' ')).not.toContain('Measured here')
  })

  it('is read by index', async () => {
    const shop = await aShop(world, 1)
    await world.rows(
      'INSERT INTO customer (tenant_id, id, created_at) SELECT $1, gen_random_uuid(), $2 FROM generate_series(1, 3000)',
      ...[shop, now],
    )
    await world.rows(
      `INSERT INTO customer_order (tenant_id, id, customer_id, source, external_id, placed_at, status, currency_code, total, fingerprint,
         created_at, updated_at)
       SELECT $1, gen_random_uuid(), id, 'shop', id || ':' || n, $2::timestamptz - n * interval '9 days', 'PAID', 'USD', 10, '', $2, $2
       FROM customer, generate_series(1, 5) n WHERE tenant_id = $1`,
      ...[shop, now],
    )
    await world.rows(
      `INSERT INTO action_outcome (tenant_id, id, kind, customer_id, outcome, at)
       SELECT $1, id, 'answer', id, 'TAKEN', $2 FROM customer WHERE tenant_id = $1 AND id <> $3 LIMIT 200`,
      ...[shop, now, idOf(shop, 0)],
    )
    await asOwner(world, 'VACUUM ANALYZE customer_order, action_outcome')
    const { rows } = await withTenant(shop, () =>
      world.database.appPool.query<object>(`EXPLAIN (FORMAT JSON) ${countsQuery}`, [
        shop,
        ['answer'],
        now,
        new Date(0),
        90,
      ]),
    )
    expect(JSON.stringify(rows)).toContain('customer_order_tenant_id_customer_id_placed_at_id_idx')
  })
})
