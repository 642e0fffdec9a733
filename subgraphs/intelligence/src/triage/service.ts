import { codedError } from '@quimbi/service/errors.ts'
import type { Viewer } from '@quimbi/service/viewer.ts'
import { requireScope } from '../keys/service.ts'
import { inTurn, readConversation, readerOf } from './reader.ts'
import type { Sentiment } from './sentiment/sentiment.ts'
import type { Classification } from './text/classify.ts'
import type { Triage, TriageInput, Turn } from './triage.ts'

/** Characters of one message and of a subject, and messages of one call. */
export const most = { text: 50_000, subject: 1_000, turns: 100 } as const

/** A conversation as a caller passes it in. */
export type Conversation = Pick<TriageInput, 'subject' | 'channel'> & { turns: readonly Turn[] }

/** What a ticket is given along with, out of Support; null where Support could not say. */
export type TicketReference = {
  id: string
  customer?: { id: string } | null
  conversationContext?: Told | null | undefined
}
type Told = Pick<Conversation, 'channel'> & { subject: string; turns: readonly ToldTurn[] }
// Representations come as JSON, past the scalars.
type ToldTurn = { fromAgent: boolean; content: string; createdAt: string | Date }

/** What a conversation is about. @throws UserErrors FORBIDDEN, GraphQLError BAD_USER_INPUT (TOO_LONG, LIMIT, EMPTY) */
export async function triageMessage(viewer: Viewer, input: Conversation, now: Date): Promise<Triage> {
  requireScope(viewer, 'insight:read')
  const { subject, turns, channel } = input
  checkTexts([subject ?? ''], 'subject', most.subject)
  if (turns.length === 0) throw refused('EMPTY', 'A conversation has at least one turn.')
  checkTexts(
    turns.map(({ content }) => content),
    'text',
    most.text,
  )
  return readConversation({ subject, turns, channel, now })
}

/** The triage of a ticket's conversation, from what came along with it: no statement, however many there are on a page. */
export async function triageTicket(
  viewer: Viewer,
  { conversationContext }: TicketReference,
  now: Date,
): Promise<Triage | null> {
  requireScope(viewer, 'insight:read')
  if (!conversationContext) return null
  const { subject, channel, turns } = conversationContext
  const dated = turns.map((turn) => ({ ...turn, createdAt: new Date(turn.createdAt) }))
  return readConversation({ subject, channel, turns: dated, now })
}

type Optional<T> = T | null | undefined

/** How a text sounds, after what was said before it, oldest first. */
export async function analyzeSentiment(viewer: Viewer, text: string, context?: Optional<readonly string[]>) {
  const texts = heard(viewer, [...(context ?? []), text])
  const reader = await readerOf()
  return inTurn((): Sentiment => reader.sentiment(texts))
}

/** What a message wants, after what its writer said before it, oldest first. */
export async function detectIntent(viewer: Viewer, message: string, history?: Optional<readonly string[]>) {
  const texts = heard(viewer, [...(history ?? []), message])
  const reader = await readerOf()
  return inTurn((): Classification | null => reader.about(texts).intent)
}

/** What kind of matter a first message is about. */
export async function classifyCategory(viewer: Viewer, subject: string, content: string) {
  const texts = heard(viewer, [content])
  checkTexts([subject], 'subject', most.subject)
  const reader = await readerOf()
  return inTurn((): Classification | null => reader.about(texts, subject).category)
}

function heard(viewer: Viewer, texts: readonly string[]): readonly string[] {
  requireScope(viewer, 'insight:read')
  checkTexts(texts, 'text', most.text)
  return texts
}

function checkTexts(texts: readonly string[], what: 'text' | 'subject', longest: number): void {
  if (texts.length > most.turns) throw refused('LIMIT', `At most ${most.turns} texts a call.`)
  if (texts.some((text) => text.length > longest))
    throw refused('TOO_LONG', `A ${what} has at most ${longest} characters.`)
}

const refused = (reason: string, message: string) => codedError('BAD_USER_INPUT', message, { reason })
