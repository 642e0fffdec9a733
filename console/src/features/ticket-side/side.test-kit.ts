// A ticket as the graph answers it, for the tests of this feature.

export const at = (minutes: number) => new Date(Date.UTC(2026, 0, 5, 10, minutes)).toISOString()

export const maya = { __typename: 'Agent', id: 'agent-maya', name: 'Maya Lindqvist', status: 'ONLINE' }
export const ravi = {
  __typename: 'Agent',
  id: 'agent-ravi',
  name: 'Ravi Menon',
  status: 'BUSY',
  role: 'AGENT',
  acceptsNewTickets: true,
  capacity: 10,
  workload: { open: 3, pending: 1, spare: 6 },
}
const rule = { __typename: 'SystemActor', kind: 'AUTOMATION', name: 'Money first' }

export const aDecision = (changed: object = {}) => ({
  id: 'decision-1',
  field: 'PRIORITY',
  from: 'NORMAL',
  to: 'URGENT',
  explanation: 'The rule “Money first” applied.',
  evidence: ['Word: refund'],
  confidence: 1,
  madeAt: at(5),
  undoneAt: null,
  madeBy: rule,
  ...changed,
})

export const aClock = (changed: object = {}) => ({
  metric: 'FIRST_RESPONSE',
  status: 'PENDING',
  startedAt: at(0),
  breachAt: at(30),
  satisfiedAt: null,
  elapsedSeconds: 600,
  explanation: `First response under “Standard”: it breaches at ${at(30)}.`,
  intervals: [{ from: at(0), to: null, counted: true, reason: 'Nobody has answered.' }],
  policy: { id: 'policy-1', name: 'Standard', version: 2 },
  ...changed,
})

const parts = [
  { name: 'URGENCY', points: 6, weight: 1.5, input: 4, explanation: 'Priority urgent.' },
  { name: 'CHURN_RISK', points: 2.884, weight: 3, input: 0.961, explanation: 'Churn risk 96 %.' },
  { name: 'CUSTOMER_VALUE', points: 0.258, weight: 7, input: 131, explanation: 'Lifetime value 131 USD.' },
  { name: 'AGE', points: 8.964, weight: 1, input: 8.964, explanation: 'Waited 9 days.' },
  { name: 'TOPIC_ALERT', points: 0, weight: 5, input: 0, explanation: 'Contains no keyword.' },
]

export const aTicket = (changed: object = {}) => ({
  __typename: 'Ticket',
  id: 'ticket-12',
  number: 12,
  subject: 'Where is my refund?',
  status: 'OPEN',
  waitingOn: null,
  priority: 'URGENT',
  category: null,
  snoozedUntil: null,
  followUpAt: null,
  closedAt: null,
  createdAt: at(0),
  updatedAt: at(5),
  conversationRevision: 'r1',
  resolution: null,
  mergedInto: null,
  assignee: null,
  team: null,
  queue: { id: 'queue-1', name: 'urgent' },
  tags: [{ name: 'refund', confidence: 0.82, addedBy: { __typename: 'SystemActor', kind: 'MODEL', name: 'Triage' } }],
  escalation: null,
  satisfaction: null,
  sla: [],
  smartScore: {
    total: 18.106,
    explanation: '18.1 points.',
    insightAsOf: null,
    formula: { version: 'default' },
    components: parts,
  },
  decisions: [aDecision()],
  customer: { __typename: 'Customer', id: 'customer-1', name: 'Zoe Novak', tickets: { nodes: [] } },
  actionItems: [],
  nextBestActions: aPlan,
  triage: null,
  similarTickets: [],
  assignments: [],
  events: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
  messages: { nodes: [], pageInfo: { hasNextPage: false } },
  ...changed,
})

const aPlan = {
  generatedAt: at(5),
  generator: 'built-in',
  revenueAtRisk: { amount: '126.61', currencyCode: 'USD' },
  talkingPoints: ['A customer since March.'],
  warnings: ['192 days since the last purchase.'],
  actions: [
    {
      id: 'action-1',
      action: 'Answer now.',
      priority: 1,
      reasoning: 'They have waited for 8 days.',
      confidence: 0.9,
      retentionProbability: null,
      cost: null,
      revenueAtRisk: null,
    },
    {
      id: 'action-2',
      action: 'Offer 5% off.',
      priority: 2,
      reasoning: 'It earns more than it costs.',
      confidence: 0.5,
      retentionProbability: 0.4,
      cost: { amount: '1.34', currencyCode: 'USD' },
      revenueAtRisk: { amount: '126.61', currencyCode: 'USD' },
    },
  ],
}

export const places = {
  agents: { nodes: [maya, ravi].map((agent) => ({ ...ravi, ...agent })) },
  teams: [{ id: 'team-1', name: 'Billing', members: [{ id: 'agent-ravi' }] }],
  queues: [
    { id: 'queue-1', name: 'urgent' },
    { id: 'queue-2', name: 'normal' },
  ],
  inbox: { nodes: [] },
}

export const refused = (code: string, message: string) => ({
  ticket: null,
  userErrors: [{ code, message, path: null }],
})
export const done = (ticket: object) => ({ ticket, userErrors: [] })

/** An answer that a test gives when it wants to. */
export function later<Value>() {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((settle) => (resolve = settle))
  return { promise, resolve }
}
