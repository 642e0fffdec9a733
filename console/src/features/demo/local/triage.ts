import type { CustomerRecord, TicketRecord } from './records.ts'

const label = (name: string, confidence: number) => ({
  label: name,
  confidence,
  alternatives: [{ label: 'other', confidence: Math.round((1 - confidence) * 100) / 100 }],
  evidence: [],
})

/** What the models read in what the customer said. */
export const viewTriage = ({ topic }: TicketRecord, customer: CustomerRecord) => ({
  intent: label(topic.intent, 0.91),
  category: label(topic.category, 0.93),
  urgency: label(topic.priority.toLowerCase(), 0.81),
  difficulty: topic.difficulty,
  language: 'en',
  sentiment: {
    score: topic.sentiment,
    confidence: 0.88,
    emotion: topic.sentiment < -0.5 ? 'angry' : topic.sentiment < 0 ? 'worried' : 'pleased',
  },
  entities: [{ kind: 'ORDER_NUMBER', text: customer.orders[0]?.externalId ?? '' }],
  promises: [],
  tags: topic.tags.map((name) => ({ label: name, confidence: 0.93 })),
})
