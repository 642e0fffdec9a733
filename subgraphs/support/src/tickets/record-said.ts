import { refuse } from '@quimbi/service/errors.ts'
import { indexableId } from '../channels/addresses.ts'
import { instant } from '../common/instant.ts'
import { text } from '../common/text.ts'
import { sanitised } from '../messages/html.ts'
import { timedId } from './record-ids.ts'
import { address, channels, oneOf, uuid, when, words } from './record-values.ts'

type Optional<T> = T | null | undefined

/** Who else than a person wrote something: a rule, an integration. */
export type SystemAuthorRecord = { kind: string; name: string }

/** A message of a ticket to import. It was delivered elsewhere, or not at all: here it never goes out. */
export type MessageRecord = {
  id?: Optional<string>
  fromAgent?: Optional<boolean>
  authorName: string
  authorEmail?: Optional<string>
  authorSystem?: Optional<SystemAuthorRecord>
  /** Empty only in a message that was deleted. */
  content: string
  contentHtml?: Optional<string>
  /** The ticket's, if it is left out. */
  channel?: Optional<string>
  /** The channel's own id of it, such as a Message-ID. */
  externalId?: Optional<string>
  inReplyToId?: Optional<string>
  isAutomatic?: Optional<boolean>
  /** How its delivery ended: SENT, FAILED or RECALLED. */
  deliveryStatus?: Optional<string>
  sentAt?: Optional<Date>
  createdAt?: Optional<Date>
  editedAt?: Optional<Date>
  deletedAt?: Optional<Date>
}

/** A note of a ticket to import: by an agent, known by their address, or by something else than a person. */
export type NoteRecord = {
  id?: Optional<string>
  authorEmail?: Optional<string>
  authorSystem?: Optional<SystemAuthorRecord>
  content: string
  /** Addresses of agents. */
  mentions?: Optional<readonly string[]>
  createdAt?: Optional<Date>
}

export type CheckedMessage = {
  id: string
  fromAgent: boolean
  authorName: string
  authorEmail: string | null
  authorSystem: SystemAuthorRecord | null
  content: string
  contentHtml: string | null
  channel: string | null
  externalId: string | null
  inReplyToId: string | null
  isAutomatic: boolean
  deliveryStatus: string | null
  sentAt: Date | null
  createdAt: Date
  editedAt: Date | null
  deletedAt: Date | null
}

export type CheckedNote = {
  id: string
  authorEmail: string | null
  authorSystem: SystemAuthorRecord | null
  content: string
  mentions: string[]
  createdAt: Date
}

/** Where a message or a note stands. */
type Of = {
  tenantId: string
  ticket: { id: string; channel: string; createdAt: Date }
  at(field: string): string[]
}

const systems = ['AUTOMATION', 'TIMER', 'INTEGRATION', 'MODEL', 'IMPORT']
const deliveries = ['SENT', 'FAILED', 'RECALLED']
const maxMentions = 50

/** Checks the `index`th message of a ticket; throws UserErrors. Pure. */
export function checkMessage(message: MessageRecord, index: number, { tenantId, ticket, at }: Of): CheckedMessage {
  const { authorEmail, deliveryStatus } = message
  const given = words(message.externalId, at('externalId'), 1_000)
  const externalId = given && indexableId(given)
  // An id is one of its channel.
  const channel = message.channel ?? (externalId && ticket.channel)
  const deletedAt = when(message.deletedAt, at('deletedAt'))
  return {
    id: idOf(message.id, 'message', index, { tenantId, ticket, at }),
    fromAgent: message.fromAgent ?? false,
    authorName: text(message.authorName, { path: at('authorName'), max: 200 }),
    authorEmail: authorEmail ? text(authorEmail, { path: at('authorEmail'), max: 320 }).toLowerCase() : null,
    authorSystem: systemOf(message.authorSystem, at('authorSystem')),
    content: deletedAt && message.content === '' ? '' : text(message.content, { path: at('content'), max: 50_000 }),
    contentHtml: message.contentHtml ? sanitised(message.contentHtml) : null,
    channel: channel ? oneOf(channels, channel, at('channel')) : null,
    externalId,
    inReplyToId: message.inReplyToId ? uuid(message.inReplyToId, at('inReplyToId')) : null,
    isAutomatic: message.isAutomatic ?? false,
    deliveryStatus: deliveryStatus ? oneOf(deliveries, deliveryStatus, at('deliveryStatus')) : null,
    sentAt: when(message.sentAt, at('sentAt')),
    createdAt: instant(message.createdAt ?? ticket.createdAt, at('createdAt')),
    editedAt: when(message.editedAt, at('editedAt')),
    deletedAt,
  }
}

/** Checks the `index`th note of a ticket; throws UserErrors. Pure. */
export function checkNote(note: NoteRecord, index: number, of: Of): CheckedNote {
  const { ticket, at } = of
  const authorEmail = address(note.authorEmail)
  const authorSystem = systemOf(note.authorSystem, at('authorSystem'))
  if ((authorEmail === null) === (authorSystem === null))
    refuse('REQUIRED', 'A note needs its author: authorEmail or authorSystem.', at('authorEmail'))
  const mentions = [...new Set((note.mentions ?? []).flatMap((email) => address(email) ?? []))]
  if (mentions.length > maxMentions) refuse('LIMIT_EXCEEDED', `At most ${maxMentions} mentions.`, at('mentions'))
  return {
    id: idOf(note.id, 'note', index, of),
    authorEmail,
    authorSystem,
    content: text(note.content, { path: at('content'), max: 50_000 }),
    mentions,
    createdAt: instant(note.createdAt ?? ticket.createdAt, at('createdAt')),
  }
}

const idOf = (id: Optional<string>, what: 'message' | 'note', index: number, { tenantId, ticket, at }: Of): string =>
  id ? uuid(id, at(`${what}s`)) : timedId(tenantId, ticket.createdAt, what, ticket.id, String(index))

const systemOf = (author: Optional<SystemAuthorRecord>, path: string[]): SystemAuthorRecord | null =>
  author ? { kind: oneOf(systems, author.kind, path), name: text(author.name, { path, max: 200 }) } : null
