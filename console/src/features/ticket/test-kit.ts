/** Answers of a graph for tests of the ticket page. */
export function aDraft(given: object = {}) {
  return {
    __typename: 'Draft',
    id: 'draft-1',
    basedOn: 'r1',
    basis: {},
    channel: 'EMAIL',
    content: 'Dear Mei, order #1001 was delivered.',
    confidence: 0.92,
    generator: 'built-in',
    reasoning: 'Answers a message about shipping.',
    tone: 'PROFESSIONAL',
    personalization: ['Their name'],
    generatedAt: '2026-03-01T10:00:00Z',
    limit: { __typename: 'ChannelLimit', max: 200, unit: 'WORDS', used: 6 },
    citations: [
      { __typename: 'Citation', id: 'o1', quote: '#1001', sentence: 'order #1001 was delivered.', source: 'ORDER' },
    ],
    ...given,
  }
}

type MessageGiven = { id?: string; content?: string; fromAgent?: boolean; status?: string; createdAt?: string }

export function aMessage({
  id = 'm1',
  content = 'Where is my order?',
  fromAgent = false,
  status = 'HELD',
  createdAt = '2026-03-01T10:00:00Z',
}: MessageGiven = {}) {
  return {
    __typename: 'Message',
    id,
    content,
    createdAt: fromAgent ? '2026-03-01T12:00:00Z' : createdAt,
    editedAt: null,
    fromAgent,
    authorName: fromAgent ? 'Maya Lindqvist' : 'Mei Brown',
    author: fromAgent
      ? { __typename: 'Agent', id: 'agent-maya', name: 'Maya Lindqvist' }
      : { __typename: 'Customer', id: 'c1', name: 'Mei Brown' },
    delivery: fromAgent
      ? { __typename: 'MessageDelivery', attempts: 0, lastError: null, status, undoUntil: '2026-03-01T12:10:00Z' }
      : null,
    attachments: [],
    inReplyTo: null,
    ticket: () => aTicket({ conversationRevision: 'r9' }),
  }
}

export function aTicket(given: object = {}): object {
  return {
    __typename: 'Ticket',
    id: 'ticket-12',
    number: 12,
    subject: 'Where is it?',
    channel: 'EMAIL',
    status: 'OPEN',
    waitingOn: null,
    priority: 'NORMAL',
    isDemo: false,
    conversationRevision: 'r1',
    mergedInto: null,
    updatedAt: '2026-03-01T10:00:00Z',
    createdAt: '2026-03-01T10:00:00Z',
    customer: { __typename: 'Customer', id: 'c1', name: 'Mei Brown' },
    tags: [],
    sla: [],
    decisions: [],
    smartScore: { total: 1, explanation: 'Because.', components: [], formula: { version: 1 } },
    messages: {
      nodes: [aMessage()],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, endCursor: 'x' },
    },
    notes: { nodes: [], edges: [] },
    draft: aDraft(),
    ...given,
  }
}
