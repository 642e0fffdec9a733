import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Situation } from '../situation.ts'
import {
  conversations,
  customerFacts,
  daysAgo,
  now,
  orderFact,
  policy,
  said,
  situation,
  triageOf,
  usd,
} from '../situation.test-kit.ts'
import { actionKinds, type ActionKind, type Means } from './advice.ts'
import { effectOf } from './effect.ts'
import { planActions } from './plan.ts'

const bare: Means = { scenario: 'SUPPORT_TICKET', offers: {}, effects: new Map(), product: null }
const kindsOf = (told: Situation, means: Partial<Means> = {}) =>
  planActions(told, { ...bare, ...means }).actions.map(({ kind }) => kind)
const risky = customerFacts({
  churn: {
    score: 0.72,
    level: 'HIGH',
    horizonDays: 90,
    reasons: ['Days since the last purchase: 222. Raises the risk of churn.'],
  },
  lifecycle: 'AT_RISK',
  daysSinceLastPurchase: 222,
})
const tenOff = {
  kind: 'DISCOUNT',
  percent: 10,
  amount: null,
  expectedCost: usd('9.10'),
  explanation: 'The cheapest.',
} as const
const credit = {
  kind: 'CREDIT',
  percent: null,
  amount: usd('5.00'),
  expectedCost: usd('4.00'),
  explanation: 'Worth it.',
} as const
const upset = triageOf('order_damaged', { sentiment: { score: 0.1, emotion: 'angry', confidence: 0.9 } })
const silent = { turns: [], triage: null, sentiment: null, orders: [], isOrderNamed: false }

describe('what to do next', () => {
  it.each<[string, Partial<Situation>, Partial<Means>, ActionKind[]]>([
    ['a question about a parcel', {}, {}, ['answer', 'confirm_delivery']],
    [
      'an answered one',
      { turns: [said('Hi'), said('It is on its way.', { fromAgent: true })], triage: null },
      {},
      ['nothing'],
    ],
    [
      'an unnamed order of many',
      { isOrderNamed: false, orders: [orderFact(), orderFact()] },
      {},
      ['ask', 'answer', 'confirm_delivery'],
    ],
    ['damage, with a policy', { triage: triageOf('order_damaged') }, {}, ['answer', 'replace']],
    ['damage, without a policy', { triage: triageOf('order_damaged'), policies: [] }, {}, ['answer']],
    ['a refund, with a policy', { triage: triageOf('refund_request') }, {}, ['answer', 'refund']],
    ['a refund, without a policy', { triage: triageOf('refund_request'), policies: [] }, {}, ['answer']],
    [
      'a refund that was made',
      { triage: triageOf('refund_request'), orders: [orderFact({ refunded: usd('162.00') })] },
      {},
      ['answer'],
    ],
    [
      'an upset VIP',
      { triage: upset, sentiment: 0.1, isVip: true },
      { offers: { compensate: credit } },
      ['answer', 'replace', 'call', 'credit'],
    ],
    [
      'an upset VIP on the phone',
      { triage: upset, sentiment: 0.1, isVip: true, channel: 'PHONE' },
      {},
      ['answer', 'replace'],
    ],
    [
      'one who may leave, with an offer',
      { customer: risky },
      { offers: { retain: tenOff } },
      ['answer', 'confirm_delivery', 'discount'],
    ],
    ['one who may leave, without an offer', { customer: risky }, {}, ['answer', 'confirm_delivery']],
    [
      'a loyal one, to be written to',
      { ...silent, customer: customerFacts({ lifecycle: 'LOYAL' }) },
      { scenario: 'MARKETING_CAMPAIGN' },
      ['thank'],
    ],
    [
      'a lapsed one, to be written to',
      { ...silent, customer: risky },
      { scenario: 'MARKETING_CAMPAIGN', offers: { winBack: tenOff } },
      ['win_back'],
    ],
    [
      'somebody who may buy',
      { ...silent },
      { scenario: 'SALES_OPPORTUNITY', product: { title: 'Mug', explanation: 'Often bought along.' } },
      ['cross_sell'],
    ],
    ['a follow-up', { ...silent, goal: 'FOLLOW_UP' }, {}, ['survey']],
    ['nobody known', { ...silent, customer: null }, {}, ['nothing']],
  ])('%s', (_, told, means, kinds) => {
    expect(kindsOf(situation(told), means)).toEqual(kinds)
  })

  it('holds what was promised against who promised it', () => {
    const text = 'We will refund you within 2 days.'
    const promise = (dueAt: Date) => triageOf('refund_status', { promises: [{ text, dueAt, confidence: 0.9 }] })
    const coming = planActions(situation({ triage: promise(daysAgo(-2)) }), bare)
    expect(coming.actions.find(({ kind }) => kind === 'follow_up')?.action).toBe('Follow up by 24 November 2026.')
    expect(coming.warnings).toEqual([])
    const late = planActions(situation({ triage: promise(daysAgo(2)) }), bare)
    expect(late.actions.map(({ kind }) => kind)).not.toContain('follow_up')
    expect(late.warnings).toEqual([`Promised by 20 November 2026 and overdue: “${text}”`])
  })

  it('refunds no more than the tightest policy allows', () => {
    const policies = ['80.00', '50', '120.00'].map((maxCompensation) => policy({ kind: 'REFUND', maxCompensation }))
    const { actions } = planActions(situation({ triage: triageOf('refund_request'), policies }), bare)
    expect(actions.find(({ kind }) => kind === 'refund')).toMatchObject({
      cost: usd('50.00'),
      action: 'Refund order #10442 within the policy: at most 50.00 USD.',
    })
  })

  it('warns, and says what is worth saying', () => {
    const past = (id: string) => ({
      id,
      subject: 'Lamp broke',
      category: 'order',
      resolution: null,
      satisfaction: 2,
      closedAt: daysAgo(20),
    })
    const plan = planActions(
      situation({
        customer: { ...risky, guidance: ['Name the saving first.'] },
        sentiment: 0.1,
        triage: upset,
        isVip: true,
        pastTickets: [past('1'), past('2')],
      }),
      bare,
    )
    expect(plan.warnings).toEqual([
      'Unusually negative: 0.10 of 1.',
      'Third contact about the same matter.',
      'Gave 2 of 5 for the last ticket.',
      'VIP.',
      'High churn risk: 72% within 90 days. Days since the last purchase: 222. Raises the risk of churn.',
      '222 days since the last purchase.',
    ])
    expect(plan.talkingPoints).toEqual([
      'Order #10442 is under way with DHL: “in_transit” on 20 November 2026.',
      'A customer since 12 April 2023, with 5 orders.',
      'Gave 2 of 5 for “Lamp broke”.',
      'Name the saving first.',
    ])
    expect(plan.actions.map(({ kind }) => kind)).toContain('escalate')
  })
})

describe('the chance that somebody stays', () => {
  const measured = (taken: number, dismissed: number) =>
    effectOf({
      taken: { customers: 40, ordered: taken },
      dismissed: { customers: 40, ordered: dismissed },
      horizonDays: 90,
    })!
  const discounted = (effects: Means['effects']) => {
    const { actions } = planActions(situation({ customer: risky }), { ...bare, offers: { retain: tenOff }, effects })
    return actions.find(({ kind }) => kind === 'discount')!
  }

  it('is raised by nothing that was not measured', () => {
    expect(discounted(new Map()).retentionProbability).toBeCloseTo(0.28)
    expect(discounted(new Map()).reasoning).toBe('The cheapest.')
  })

  it('is moved by what was, with its interval', () => {
    const helped = discounted(new Map([['discount', measured(30, 15)]]))
    expect(helped.retentionProbability).toBeCloseTo(0.28 + 15 / 40)
    expect(helped.reasoning).toContain('38 points more')
    expect(helped.reasoning).toMatch(/90% interval \d+ to \d+\./)
    const harmed = discounted(new Map([['discount', measured(10, 30)]]))
    expect(harmed.retentionProbability).toBe(0)
  })

  it('is left alone by a difference that may be chance', () => {
    const told = discounted(new Map([['discount', measured(17, 15)]]))
    expect(told.retentionProbability).toBeCloseTo(0.28)
    expect(told.reasoning).toContain('no difference that could be told from chance')
  })

  it('decides who comes first among actions of a kind, less what they cost', () => {
    const told = situation({ triage: upset, sentiment: 0.1, isVip: true })
    const means = { offers: { compensate: credit } }
    expect(kindsOf(told, means).slice(2)).toEqual(['call', 'credit'])
    const effects: Means['effects'] = new Map([['credit', measured(30, 15)]])
    expect(kindsOf(told, { ...means, effects }).slice(2)).toEqual(['credit', 'call'])
  })
})

describe('whatever the conversation', () => {
  const all = conversations(3, 600)
  const offered = { offers: { retain: tenOff, winBack: tenOff, compensate: credit, upsell: tenOff } }

  it('one to five actions come in order, each with a chance between 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.constantFrom('SUPPORT_TICKET', 'SALES_OPPORTUNITY', 'MARKETING_CAMPAIGN'),
        (one, scenario) => {
          const plan = planActions(one.situation, { ...bare, ...offered, scenario })
          expect(plan.actions.map(({ priority }) => priority)).toEqual(plan.actions.map((_, index) => index + 1))
          expect(plan.actions.length).toBeGreaterThan(0)
          expect(plan.actions.length).toBeLessThanOrEqual(5)
          expect(new Set(plan.actions.map(({ kind }) => kind)).size).toBe(plan.actions.length)
          for (const { retentionProbability, confidence, action, reasoning } of plan.actions) {
            expect(retentionProbability ?? 0).toBeGreaterThanOrEqual(0)
            expect(retentionProbability ?? 0).toBeLessThanOrEqual(1)
            expect(confidence).toBeGreaterThanOrEqual(0)
            expect(confidence).toBeLessThanOrEqual(1)
            expect(`${action}${reasoning}`).not.toMatch(/undefined|null|NaN/)
          }
          expect(planActions(one.situation, { ...bare, ...offered, scenario })).toEqual(plan)
        },
      ),
    )
  })

  it('no money is spoken of without a policy or an offer', () => {
    const costs = all
      .map((one) => planActions({ ...one.situation, policies: [] }, bare))
      .flatMap(({ actions }) => actions.filter(({ cost }) => cost !== null))
    expect(costs).toEqual([])
  })

  it('every kind but "nothing" is met, so that none is dead', () => {
    const met = new Set(
      all.flatMap(({ situation: told }) =>
        (['SUPPORT_TICKET', 'SALES_OPPORTUNITY'] as const).flatMap((scenario) => [
          ...kindsOf(told, { ...offered, scenario, product: { title: 'Mug', explanation: 'x' } }),
          ...kindsOf(
            { ...told, ...silent, now, goal: 'FOLLOW_UP' },
            { ...offered, scenario, product: { title: 'Mug', explanation: 'x' } },
          ),
        ]),
      ),
    )
    const rare: ActionKind[] = ['nothing', 'follow_up', 'escalate', 'win_back']
    expect(actionKinds.filter((kind) => !met.has(kind) && !rare.includes(kind))).toEqual([])
  })
})
