import { refuse } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import type { Ticket } from '../../generated/prisma/client.ts'
import { labels } from '../common/text.ts'
import type { Db } from '../database.ts'
import { doerOf, systemActor, type ActorRef } from '../log/actors.ts'
import type { Changed } from './change.ts'
import type { Step } from './steps.ts'
import { editTicket } from './edit.ts'

/** Who put a tag there, and how sure a model was. */
export type TagOrigin = { by: ActorRef; confidence: number | null }
export type TicketTag = TagOrigin & { name: string }

/** At most so many labels on a ticket. */
const most = 50

const imported: TagOrigin = { by: systemActor('IMPORT', 'import'), confidence: null }

const originsOf = ({ tagOrigins }: Pick<Ticket, 'tagOrigins'>) => tagOrigins as Record<string, TagOrigin>

/** A ticket's labels with where they come from; an unknown origin is an import. Pure. */
export function tagsOf(ticket: Pick<Ticket, 'tags' | 'tagOrigins'>): TicketTag[] {
  const origins = new Map(Object.entries(originsOf(ticket)))
  return ticket.tags.map((name) => ({ name, ...(origins.get(name) ?? imported) }))
}

/** The step that adds labels; none when all are there. LIMIT_EXCEEDED above 50 on one ticket. Pure. */
export function tagSteps(
  ticket: Pick<Ticket, 'tags' | 'tagOrigins'>,
  added: readonly string[],
  origin: TagOrigin,
  path: string[] = ['input', 'tags'],
): Step[] {
  const fresh = added.filter((tag) => !ticket.tags.includes(tag))
  if (fresh.length === 0) return []
  const tags = [...ticket.tags, ...fresh]
  if (tags.length > most) refuse('LIMIT_EXCEEDED', `At most ${most} labels on a ticket.`, path)
  return [{ type: 'TAGGED', set: { tags, tagOrigins: withOrigins(ticket, tags, fresh, origin) } }]
}

/** The step that removes labels; none when none is there. Pure. */
export function untagSteps(ticket: Pick<Ticket, 'tags' | 'tagOrigins'>, removed: readonly string[]): Step[] {
  const tags = ticket.tags.filter((tag) => !removed.includes(tag))
  if (tags.length === ticket.tags.length) return []
  return [{ type: 'UNTAGGED', set: { tags, tagOrigins: withOrigins(ticket, tags, [], imported) } }]
}

// By entries, not by assignment: a label may be called `__proto__`.
function withOrigins(
  ticket: Pick<Ticket, 'tags' | 'tagOrigins'>,
  tags: readonly string[],
  fresh: readonly string[],
  origin: TagOrigin,
): Record<string, TagOrigin> {
  const kept = Object.entries(originsOf(ticket)).filter(([tag]) => tags.includes(tag) && !fresh.includes(tag))
  return Object.fromEntries([...kept, ...fresh.map((tag) => [tag, origin] as const)])
}

/** Origins of labels that one actor puts on a new ticket. Pure. */
export const originsBy = (tags: readonly string[], by: ActorRef): Record<string, TagOrigin> =>
  Object.fromEntries(tags.map((tag) => [tag, { by, confidence: null }]))

export type TagInput = { id: string; tags: readonly string[] }

/** Adds labels; those already there stay as they are. */
export async function tagTicket(tx: Db, viewer: Viewer, { id, tags }: TagInput, now: Date): Promise<Changed> {
  const added = labels(tags, ['input', 'tags'])
  const origin = { by: doerOf(viewer).actor, confidence: null }
  return editTicket(tx, viewer, { id, now }, ({ ticket }) => tagSteps(ticket, added, origin))
}

/** Removes labels; those not there are passed over. */
export async function untagTicket(tx: Db, viewer: Viewer, { id, tags }: TagInput, now: Date): Promise<Changed> {
  const removed = labels(tags, ['input', 'tags'])
  return editTicket(tx, viewer, { id, now }, ({ ticket }) => untagSteps(ticket, removed))
}
