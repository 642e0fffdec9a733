import { pick, type Random } from './random.ts'
import type { AgentRecord, CustomerRecord, DecisionRecord, MessageRecord, TicketRecord } from './records.ts'
import type { Topic } from './topics.ts'
import { meId } from './world.ts'

const minuteMs = 60_000
const oldestMinutes = 40 * 60

type Given = {
  number: number
  customer: CustomerRecord
  topic: Topic
  agents: readonly AgentRecord[]
  now: number
}

/** A ticket with its conversation: new, answered and asked again, waiting, or done. */
export function seedTicket(random: Random, { number, customer, topic, agents, now }: Given): TicketRecord {
  const id = `demo-ticket-${number}`
  // Most are of the last hours, some of yesterday.
  const createdAt = now - (8 + Math.floor(random() ** 3 * oldestMinutes)) * minuteMs
  const state = random()
  const status = state < 0.75 ? 'OPEN' : state < 0.88 ? 'PENDING' : 'CLOSED'
  const isAnswered = status !== 'OPEN' || random() < 0.35
  const agent = isAnswered ? pick(random, agents) : null
  const messages = conversation(random, { id, customer, topic, agent, createdAt, now, isOpen: status === 'OPEN' })
  const updatedAt = messages.at(-1)?.createdAt ?? createdAt
  const priority = random() < 0.15 ? 'NORMAL' : topic.priority
  return {
    id,
    number,
    subject: filled(topic.subject, customer),
    topic,
    channel: pick(random, ['EMAIL', 'EMAIL', 'CHAT', 'SMS', 'FORM'] as const),
    status,
    waitingOn: status === 'PENDING' ? 'CUSTOMER' : null,
    priority,
    category: topic.category,
    customerId: customer.id,
    assigneeId: agent?.id ?? null,
    queueId: queueOf(topic),
    snoozedUntil: null,
    followUpAt: null,
    escalation: null,
    closedAt: status === 'CLOSED' ? updatedAt : null,
    createdAt,
    updatedAt,
    revision: messages.length,
    tags: topic.tags.map((name, index) => ({ name, byModel: index === 0, confidence: index === 0 ? 0.93 : null })),
    messages,
    notes:
      number % 9 === 1
        ? [
            {
              id: `${id}-note`,
              authorId: 'demo-agent-2',
              content: 'Spoke with the warehouse, they have two left. @Maya, can you take it from here?',
              createdAt: Math.min(now - minuteMs, createdAt + 5 * minuteMs),
              mentionIds: [meId],
            },
          ]
        : [],
    decisions: decisions(id, topic, priority, createdAt),
    actions: [],
    events: [],
  }
}

type Talk = {
  id: string
  customer: CustomerRecord
  topic: Topic
  agent: AgentRecord | null
  createdAt: number
  now: number
  isOpen: boolean
}

function conversation(random: Random, { id, customer, topic, agent, createdAt, now, isOpen }: Talk): MessageRecord[] {
  const said = (index: number, fromAgent: boolean, content: string, at: number): MessageRecord => ({
    id: `${id}-message-${index}`,
    ticketId: id,
    fromAgent,
    authorId: fromAgent ? (agent?.id ?? meId) : customer.id,
    content,
    createdAt: at,
    undoUntil: null,
    isRecalled: false,
  })
  const first = said(1, false, filled(topic.says, customer), createdAt)
  if (!agent) return [first]
  const step = (now - createdAt) / 3
  const answeredAt = createdAt + step * (0.5 + random() / 2)
  const answer = said(2, true, replyOf(topic, customer, agent.name), answeredAt)
  return isOpen ? [first, answer, said(3, false, filled(topic.again, customer), answeredAt + step)] : [first, answer]
}

const decisions = (id: string, topic: Topic, priority: string, madeAt: number): DecisionRecord[] => [
  {
    id: `${id}-decision-tag`,
    field: 'TAG',
    from: null,
    to: topic.tags[0] ?? 'question',
    explanation: `The message reads like ${topic.category.toLowerCase()}: “${topic.says.slice(0, 40)}…”.`,
    confidence: 0.93,
    madeAt,
    undoneAt: null,
  },
  ...(priority === 'URGENT' || priority === 'HIGH'
    ? [
        {
          id: `${id}-decision-priority`,
          field: 'PRIORITY' as const,
          from: 'NORMAL',
          to: priority,
          explanation: 'The words are urgent and the customer is upset.',
          confidence: 0.81,
          madeAt,
          undoneAt: null,
        },
      ]
    : []),
]

export const queueOf = ({ category }: Topic): string =>
  category === 'Payment' ? 'demo-queue-2' : category === 'Products' ? 'demo-queue-3' : 'demo-queue-1'

export const filled = (text: string, customer: CustomerRecord): string =>
  text.replaceAll('{order}', customer.orders[0]?.externalId ?? 'my order').replaceAll('{name}', firstNameOf(customer))

export const firstNameOf = ({ name }: CustomerRecord): string => name.split(' ')[0] ?? name

export function replyOf(topic: Topic, customer: CustomerRecord, agentName: string): string {
  const answer = filled(topic.answer, customer)
  return `Hi ${firstNameOf(customer)},\n\n${answer.charAt(0).toUpperCase()}${answer.slice(1)}\n\nBest wishes,\n${agentName.split(' ')[0]}`
}
