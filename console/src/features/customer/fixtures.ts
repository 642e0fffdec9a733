/** Customers as the graph tells them, for tests. */

export const money = (amount: string) => ({ amount, currencyCode: 'USD' })

const basis = { asOf: '2026-03-01T10:00:00Z', modelVersion: 'prior-1', featureVersion: '1', orders: 4, events: 1 }

export const facts = {
  id: 'c1',
  name: 'Mia Wong',
  email: 'mia@example.test',
  phone: '+1 555 0100',
  isVip: true,
  locale: 'de',
  timeZone: 'Europe/Berlin',
  tags: ['wholesale'],
  preferredChannel: 'EMAIL',
  lastContactAt: '2026-02-01T10:00:00Z',
  createdAt: '2025-01-01T10:00:00Z',
  openTicketCount: 2,
  externalRefs: [{ source: 'my-shop', id: '711' }],
  insightSnapshot: {
    archetype: 'Premium power buyers',
    asOf: '2026-02-28T10:00:00Z',
    churnRisk: 0.42,
    ltv: money('900.00'),
  },
}

export const churnRisk = {
  level: 'HIGH',
  score: 0.71,
  interval: { low: 0.6, high: 0.8, level: 0.9 },
  horizonDays: 90,
  baseline: -0.5,
  otherContribution: 0.1,
  factors: [
    { feature: 'daysSinceLastOrder', value: 80, contribution: 1.25, explanation: 'Silent for 80 days.' },
    { feature: 'orders', value: 4, contribution: -0.25, explanation: 'Four orders.' },
  ],
  recommendations: ['Write to them this week.'],
  revenueAtRisk: money('640.00'),
  basis,
}

const segment = (name: string) => ({ id: `s-${name}`, name, description: `About ${name}`, axis: 'PURCHASE_VALUE' })

export const dna = {
  confidence: 0.6,
  archetype: {
    id: 'a1',
    name: 'Premium power buyers',
    level: 'TENDENCY',
    description: 'Buys often and much.',
    traits: ['Buys often'],
    recommendedActions: ['Give them first choice.'],
  },
  axes: [
    {
      axis: 'PURCHASE_VALUE',
      strength: 'STRENGTH',
      dominant: segment('upper_tier'),
      memberships: [
        { membership: 0.2, segment: segment('budget') },
        { membership: 0.8, segment: segment('upper_tier') },
      ],
    },
    {
      axis: 'SEASONALITY',
      strength: 'STRENGTH',
      dominant: segment('not_enough_data'),
      memberships: [{ membership: 1, segment: segment('not_enough_data') }],
    },
  ],
}

export const insight = {
  dnaStatus: 'READY',
  dna,
  churnRisk,
  ltvForecast: {
    amount: money('900.00'),
    interval: { low: money('100.00'), high: money('1900.00'), level: 0.9 },
    historic: money('1200.00'),
    months: 12,
    expectedOrders: 3.2,
    baseline: 100,
    otherContribution: 0,
    factors: [{ feature: 'expectedOrders', value: 3, contribution: 800, explanation: 'Three purchases expected.' }],
  },
  lifecycle: 'AT_RISK',
  engagement: { score: 62, trend: -8 },
  trajectory: { direction: 'FALLING', spendSlope: -20, riskSlope: 0.1, interval: { low: -30, high: -10, level: 0.9 } },
  nextPurchase: { expectedAt: '2026-05-01T00:00:00Z', probability30Days: 0.3, repurchaseDays: 40 },
  behavior: {
    totalOrders: 4,
    averageOrderValue: money('300.00'),
    lifetimeValue: money('1200.00'),
    returnRate: 0.25,
    tenureDays: 400,
    daysSinceLastPurchase: 80,
  },
  communicationGuidance: ['Thank them for their loyalty.'],
}

const page = { hasNextPage: false, endCursor: null, hasPreviousPage: false, startCursor: null }

export const orders = {
  nodes: [
    {
      id: 'o1',
      externalId: '#1001',
      source: 'my-shop',
      status: 'DELIVERED',
      placedAt: '2026-01-05T10:00:00Z',
      total: money('59.90'),
      discount: null,
      refunded: money('10.00'),
      items: [{ sku: 'MUG-1', title: 'Mug', quantity: 2, discounted: false, unitPrice: money('29.95') }],
      shipments: [
        { carrier: 'Parcel Post', trackingNumber: 'PP1', status: 'delivered', updatedAt: '2026-01-09T10:00:00Z' },
      ],
    },
  ],
  pageInfo: page,
}

export const tickets = {
  totalCount: 1,
  nodes: [
    {
      id: 't1',
      number: 12,
      subject: 'Lamp arrived broken',
      status: 'OPEN',
      priority: 'HIGH',
      channel: 'SMS',
      createdAt: '2026-02-01T10:00:00Z',
      assignee: null,
    },
  ],
  pageInfo: page,
}

export const customer = { ...facts, ...insight, orders, tickets }

/** As it comes while Intelligence does not answer: its fields are errors and null, those of Support are there. */
export const without = Object.fromEntries(
  [...Object.keys(insight), 'orders'].map((field) => [
    field,
    () => {
      throw new Error('Intelligence does not answer.')
    },
  ]),
)

export const nothingKnown = Object.fromEntries(Object.keys(insight).map((field) => [field, null]))
