import type { TicketMessageFragment } from '../generated/Ticket.ts'
import { emptyOutbox, next, type Effect, type Entry, type Outbox, type OutboxEvent, type Reply } from './outbox.ts'
import type { Keeping } from './kept.ts'
import type { Told } from './send.ts'

/** A reply that went out from here, as long as it may be recalled. */
export type Sent = { messageId: string; reply: Reply; until: number }

export type OutboxStore = {
  current(): Outbox
  /** What went out last, of each ticket. */
  sent(ticketId: string): Sent | undefined
  recalled(messageId: string): void
  dispatch(event: OutboxEvent): void
  subscribe(listener: () => void): () => void
  /** Nothing is sent any more. */
  stop(): void
}

export type OutboxWorld = {
  keeping: Keeping
  send(reply: Reply): Promise<Told>
  /** Whether it is still the same agent who is logged in. */
  isMine(): boolean
  onSent?(reply: Reply, message: TicketMessageFragment): void
  onMissed?(reply: Reply, missed: readonly TicketMessageFragment[]): void
}

/** Applies what the outbox decides: keeps, sends, waits. */
export function createOutboxStore(world: OutboxWorld): OutboxStore {
  const listeners = new Set<() => void>()
  const sent = new Map<string, Sent>()
  let outbox: Outbox = { ...emptyOutbox, isOnline: navigator.onLine }
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false

  function dispatch(event: OutboxEvent): void {
    const step = next(outbox, event)
    outbox = step.state
    listeners.forEach((listener) => listener())
    step.effects.forEach(apply)
  }

  function apply(effect: Effect): void {
    if (effect.do === 'save') void world.keeping.save(effect.entry).catch(() => {})
    else if (effect.do === 'forget') void world.keeping.forget(effect.key).catch(() => {})
    else if (effect.do === 'retryIn') {
      clearTimeout(timer)
      timer = setTimeout(() => dispatch({ type: outbox.isOnline ? 'retry' : 'offline' }), effect.ms)
    } else void send(effect.reply)
  }

  async function send(reply: Reply): Promise<void> {
    if (isOver || !world.isMine()) return
    const { event, message, missed } = await world.send(reply)
    if (isOver) return
    if (message) {
      const { delivery, createdAt } = message
      // By the length of the hold, not its end: the business's clock may be another, and in a demo it is.
      const heldMs = delivery?.undoUntil ? Date.parse(delivery.undoUntil) - Date.parse(createdAt) : 0
      sent.set(reply.ticketId, { messageId: message.id, reply, until: Date.now() + heldMs })
      world.onSent?.(reply, message)
    }
    if (missed) world.onMissed?.(reply, missed)
    dispatch(event)
  }

  const online = () => dispatch({ type: 'online' })
  const offline = () => dispatch({ type: 'offline' })
  globalThis.addEventListener('online', online)
  globalThis.addEventListener('offline', offline)
  void world.keeping
    .load()
    .catch((): Entry[] => [])
    .then((entries) => !isOver && dispatch({ type: 'restored', entries }))

  return {
    current: () => outbox,
    sent: (ticketId) => sent.get(ticketId),
    recalled(messageId) {
      for (const [ticketId, one] of sent) if (one.messageId === messageId) sent.delete(ticketId)
      listeners.forEach((listener) => listener())
    },
    dispatch,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      isOver = true
      clearTimeout(timer)
      globalThis.removeEventListener('online', online)
      globalThis.removeEventListener('offline', offline)
    },
  }
}
