import type { Readable } from 'node:stream'

/** How people write to us and we to them. */
export type Channel = 'EMAIL' | 'SMS' | 'PHONE' | 'CHAT' | 'FORM'

export const channels: readonly Channel[] = ['EMAIL', 'SMS', 'PHONE', 'CHAT', 'FORM']

/** A file on its way out; `open` may be called once a delivery. */
export type OutboundFile = { fileName: string; contentType: string; open(): Promise<Readable> }

/** A message on its way out. */
export type Outbound = {
  tenantId: string
  /** The message's own id: the same at every attempt. */
  id: string
  ticketNumber: number
  subject: string
  /** As the channel addresses people: an e-mail address, a phone number. */
  recipient: string
  recipientName: string | null
  /** What customers know the business by. */
  brand: string
  signature: string | null
  content: string
  contentHtml: string | null
  /** Whether a rule wrote it. */
  isAutomatic: boolean
  /** The channel's ids of what was said before, oldest first; the last one is what it answers. */
  thread: readonly string[]
  files: readonly OutboundFile[]
}

/** Brings messages to people. One for each channel. */
export type ChannelAdapter = {
  channel: Channel
  /**
   * Hands over one message. Resolves once the other side has acknowledged it, with the channel's own id of it; rejects with NotDelivered
   * otherwise. `signal` is the deadline: a delivery that it cuts off rejects.
   */
  deliver(outbound: Outbound, signal: AbortSignal): Promise<{ externalId: string }>
  /** Ends connections; deliveries under way reject. */
  close(): Promise<void>
}

/**
 * TEMPORARY: nothing was handed over, trying again may help. PERMANENT: nothing was handed over, and will not be. UNKNOWN: it may have
 * arrived.
 */
export type FailureKind = 'TEMPORARY' | 'PERMANENT' | 'UNKNOWN'

/** Why a message was not acknowledged; the message is one that agents may read. */
export class NotDelivered extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NotDelivered'
    this.kind = kind
  }
}
