import type {
  Channel,
  DecisionField,
  NotificationKind,
  TicketEventType,
  TicketPriority,
  TicketStatus,
  WaitingOn,
} from '../../../graph/generated/schema.ts'
import type { Topic } from './topics.ts'

/** The demo's world as it is kept: plain records. Instants are milliseconds since 1970. */

export type AgentRecord = {
  id: string
  name: string
  email: string
  role: 'ADMIN' | 'MANAGER' | 'TEAM_LEAD' | 'SENIOR_AGENT' | 'AGENT'
  status: 'ONLINE' | 'AWAY' | 'BUSY' | 'OFFLINE'
  acceptsNewTickets: boolean
  capacity: number
  skills: string[]
}

export type OrderRecord = {
  id: string
  externalId: string
  placedAt: number
  status: 'PAID' | 'FULFILLED' | 'DELIVERED' | 'RETURNED'
  items: { sku: string; title: string; category: string; price: number; quantity: number }[]
}

export type CustomerRecord = {
  id: string
  name: string
  email: string
  phone: string | null
  locale: string
  timeZone: string
  tags: string[]
  isVip: boolean
  createdAt: number
  orders: OrderRecord[]
  /** What the models say: 0 to 1, and an amount. */
  churn: number
  ltv: number
  /** The seed of all that is drawn from it: axes, factors, history. */
  seed: number
}

export type MessageRecord = {
  id: string
  ticketId: string
  fromAgent: boolean
  authorId: string
  content: string
  createdAt: number
  /** An agent's reply can be taken back until then. */
  undoUntil: number | null
  isRecalled: boolean
}

export type NoteRecord = { id: string; authorId: string; content: string; createdAt: number; mentionIds: string[] }
export type TagRecord = { name: string; byModel: boolean; confidence: number | null }
export type DecisionRecord = {
  id: string
  field: DecisionField
  from: string | null
  to: string
  explanation: string
  confidence: number
  madeAt: number
  undoneAt: number | null
}
export type ActionRecord = { id: string; action: string; completedAt: number | null; outcome: string | null }

export type TicketRecord = {
  id: string
  number: number
  subject: string
  topic: Topic
  channel: Channel
  status: TicketStatus
  waitingOn: WaitingOn | null
  priority: TicketPriority
  category: string
  customerId: string
  assigneeId: string | null
  queueId: string | null
  snoozedUntil: number | null
  followUpAt: number | null
  escalation: { at: number; reason: string } | null
  closedAt: number | null
  createdAt: number
  updatedAt: number
  revision: number
  tags: TagRecord[]
  messages: MessageRecord[]
  notes: NoteRecord[]
  decisions: DecisionRecord[]
  actions: ActionRecord[]
  events: EventRecord[]
}

export type EventRecord = {
  id: string
  cursor: string
  type: TicketEventType
  ticketId: string
  actorId: string | null
  occurredAt: number
  changes: { field: string; from: unknown; to: unknown }[]
  messageId: string | null
  noteId: string | null
}

export type NotificationRecord = {
  id: string
  kind: NotificationKind
  text: string
  ticketId: string | null
  createdAt: number
  readAt: number | null
}

export type TopicAlertRecord = { id: string; keywords: string[]; scope: 'MINE' | 'TEAM' | 'TENANT' }
