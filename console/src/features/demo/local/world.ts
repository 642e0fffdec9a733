import type { TicketEventType } from '../../../graph/generated/schema.ts'
import type {
  AgentRecord,
  CustomerRecord,
  EventRecord,
  NotificationRecord,
  TicketRecord,
  TopicAlertRecord,
} from './records.ts'

/** Who uses the demo. */
export const meId = 'demo-agent-1'

export type WorldListener = (happened: { event: EventRecord; ticket: TicketRecord }) => void

/** The whole of the demo, and what happens in it. */
export type World = {
  agents: AgentRecord[]
  customers: CustomerRecord[]
  tickets: TicketRecord[]
  notifications: NotificationRecord[]
  topicAlerts: TopicAlertRecord[]
  /** As they were at first, for `resetDemoConversation`. */
  first: Map<string, TicketRecord>
  now(): number
  newId(kind: string): string
  /** Where the log stands. */
  cursor(): string
  happen(ticket: TicketRecord, type: TicketEventType, more?: Partial<EventRecord>): EventRecord
  listen(listener: WorldListener): () => void
  notify(notification: NotificationRecord): void
  onNotification(listener: (notification: NotificationRecord) => void): () => void
}

type Given = Pick<World, 'agents' | 'customers' | 'tickets' | 'notifications' | 'topicAlerts' | 'now'>

export function createWorld(given: Given): World {
  const listeners = new Set<WorldListener>()
  const notified = new Set<(notification: NotificationRecord) => void>()
  let ids = 0
  let position = 1_000
  const cursor = () => `demo:${position}`
  return {
    ...given,
    first: new Map(given.tickets.map((ticket) => [ticket.id, structuredClone(ticket)])),
    newId: (kind) => `demo-${kind}-new-${(ids += 1)}`,
    cursor,
    happen(ticket, type, more = {}) {
      position += 1
      const event: EventRecord = {
        id: `demo-event-${position}`,
        cursor: cursor(),
        type,
        ticketId: ticket.id,
        actorId: meId,
        occurredAt: given.now(),
        changes: [],
        messageId: null,
        noteId: null,
        ...more,
      }
      ticket.updatedAt = event.occurredAt
      ticket.events.push(event)
      listeners.forEach((listener) => listener({ event, ticket }))
      return event
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    notify(notification) {
      given.notifications.unshift(notification)
      notified.forEach((listener) => listener(notification))
    },
    onNotification(listener) {
      notified.add(listener)
      return () => notified.delete(listener)
    },
  }
}

export const byId = <Item extends { id: string }>(items: readonly Item[], id: string | null | undefined): Item | null =>
  items.find((item) => item.id === id) ?? null

export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
