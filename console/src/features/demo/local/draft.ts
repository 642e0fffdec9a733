import type { CustomerRecord, TicketRecord } from './records.ts'
import { filled, firstNameOf } from './seed-ticket.ts'
import { iso } from './world.ts'

type Wish = { tone?: string | null; length?: string | null }
const greetings: Record<string, (name: string) => string> = {
  PROFESSIONAL: (name) => `Dear ${name},`,
  EMPATHETIC: (name) => `Hi ${name},\n\nI understand how annoying this is, and I will see it through.`,
  FRIENDLY: (name) => `Hi ${name}!`,
  CASUAL: (name) => `Hey ${name},`,
  CONCISE: (name) => `${name},`,
  CONVERSATIONAL: (name) => `Hi ${name}, thanks for writing.`,
}
const ends: Record<string, string> = { PROFESSIONAL: 'Kind regards,\nMaya Lindqvist', CONCISE: 'Maya' }
const most = 10_000

/** The reply that lies ready; null where the customer waits for none. */
export function viewDraft(ticket: TicketRecord, customer: CustomerRecord, now: number, { tone, length }: Wish) {
  const asked = ticket.messages.findLast(({ fromAgent, isRecalled }) => !fromAgent && !isRecalled)
  if (!asked) return null
  const chosen = tone ?? (ticket.topic.sentiment < -0.5 ? 'EMPATHETIC' : 'FRIENDLY')
  const answer = filled(ticket.topic.answer, customer)
  const sentence = answer.charAt(0).toUpperCase() + answer.slice(1)
  const more =
    length === 'LONG' ? '\n\nIf anything else is on your mind, just answer this message; it comes to me.' : ''
  const body = length === 'SHORT' ? (sentence.split('. ')[0] ?? sentence).replace(/\.?$/, '.') : sentence
  const greeting = (greetings[chosen] ?? greetings['FRIENDLY'])?.(firstNameOf(customer)) ?? ''
  const content = `${greeting}\n\n${body}${more}\n\n${ends[chosen] ?? 'Best wishes,\nMaya'}`
  const first = body.split(/(?<=\.) /)[0] ?? body
  const order = customer.orders[0]
  return {
    id: `demo-draft-${ticket.id}-${ticket.revision}-${chosen}-${length ?? 'MEDIUM'}`,
    content,
    tone: chosen,
    channel: ticket.channel,
    basedOn: String(ticket.revision),
    basis: {},
    confidence: 0.86,
    generatedAt: iso(now),
    generator: 'demo',
    limit: { max: most, used: content.length, unit: 'CHARACTERS' },
    personalization: [`by name: ${firstNameOf(customer)}`, `order ${order?.externalId ?? ''}`],
    reasoning: `${ticket.category}: what the customer asks is answered first, then what happens next.`,
    citations: [
      { id: asked.id, source: 'MESSAGE', sentence: first, quote: asked.content.slice(0, 120) },
      { id: 'demo-policy-1', source: 'POLICY', sentence: first, quote: ticket.topic.policy },
      ...(order
        ? [
            {
              id: order.id,
              source: 'ORDER',
              sentence: first,
              quote: `${order.externalId}: ${order.status.toLowerCase()}`,
            },
          ]
        : []),
    ],
  }
}

export function viewPlan(ticket: TicketRecord, customer: CustomerRecord, now: number) {
  const atRisk = { amount: (customer.ltv * customer.churn).toFixed(2), currencyCode: 'USD' }
  const actions = [
    ['Answer with the draft', `The customer waits, and ${ticket.topic.policy.toLowerCase()}`, 0.9],
    ...(customer.churn > 0.5 ? [['Offer 10 % on the next order', 'Likely to leave; this has kept others.', 0.62]] : []),
    ['Look at the parcel’s tracking', 'What is promised should be true.', 0.55],
  ] as const
  return {
    generatedAt: iso(now),
    generator: 'demo',
    revenueAtRisk: atRisk,
    talkingPoints: ['Thank them for their patience', ticket.topic.policy],
    warnings: ticket.topic.sentiment < -0.7 ? ['Do not ask for what they have told already.'] : [],
    actions: actions.map(([action, reasoning, confidence], index) => ({
      id: `${ticket.id}-action-${index + 1}`,
      action: String(action),
      reasoning: String(reasoning),
      confidence,
      priority: index + 1,
      cost: null,
      retentionProbability: index === 1 && actions.length === 3 ? 0.4 : null,
      revenueAtRisk: index === 0 ? atRisk : null,
    })),
  }
}
