import type { TicketDraftFragment } from './generated/Composer.ts'

export type Draft = TicketDraftFragment

/** What a text was written on: the conversation's revision, and the messages that were there. */
export type Ground = { revision: string; messageIds: readonly string[] }

/** A reply that is being written. */
export type Writing = {
  text: string
  /** The draft that the text was made of; null for a person's own from the start. */
  origin: Draft | null
  ground: Ground | null
}

export type ComposerState = {
  mode: 'reply' | 'note'
  writing: Writing
  note: string
  /** A newer draft that waits to be wanted, since the text here is a person's own. */
  offered: Draft | null
  /** Drafts that the person does not want, or has used; they are not put in again by themselves. */
  doneWith: readonly string[]
  /** What one undo brings back. */
  before: Writing | null
  notice: 'restored' | 'newer' | 'returned' | null
}

export type ComposerEvent =
  | { type: 'draftCame'; draft: Draft; ground: Ground; isAwaited: boolean }
  | { type: 'typed'; text: string; ground: Ground }
  /** The person took a draft: an offered one, or one that was written anew. */
  | { type: 'took'; draft: Draft; ground: Ground }
  | { type: 'declined' }
  | { type: 'discarded' }
  | { type: 'undone' }
  | { type: 'sent' }
  /** A reply came back: recalled, or refused. */
  | { type: 'returned'; writing: Writing }
  /** The person has read what was said meanwhile. */
  | { type: 'caughtUp'; ground: Ground }
  | { type: 'turned'; mode: 'reply' | 'note' }
  | { type: 'noteTyped'; note: string }

const nothing: Writing = { text: '', origin: null, ground: null }

export const emptyComposer: ComposerState = {
  mode: 'reply',
  writing: nothing,
  note: '',
  offered: null,
  doneWith: [],
  before: null,
  notice: null,
}

/** Whether a person has changed anything: what is only a draft may be replaced. */
export const isUntouched = ({ text, origin }: Writing): boolean => text === (origin?.content ?? '')

/** The text is a person's: nothing but the person replaces it without a way back. */
export function compose(state: ComposerState, event: ComposerEvent): ComposerState {
  switch (event.type) {
    case 'draftCame':
      return withDraft(state, event)
    case 'typed':
      return { ...state, writing: typed(state.writing, event), notice: null }
    case 'took':
      return {
        ...replaced(state, { text: event.draft.content, origin: event.draft, ground: event.ground }),
        offered: null,
      }
    case 'declined':
      return { ...state, offered: null, doneWith: done(state, state.offered) }
    case 'discarded':
      return { ...replaced(state, nothing), doneWith: done(state, state.writing.origin) }
    case 'undone':
      return state.before ? { ...state, writing: state.before, before: null, notice: null } : state
    case 'sent':
      return { ...emptyComposer, note: state.note, doneWith: done(state, state.writing.origin) }
    case 'returned':
      return { ...replaced(state, event.writing), mode: 'reply', notice: 'returned' }
    case 'caughtUp':
      return { ...state, writing: { ...state.writing, ground: event.ground } }
    case 'turned':
      return { ...state, mode: event.mode }
    case 'noteTyped':
      return { ...state, note: event.note }
    default:
      return event satisfies never
  }
}

const done = ({ doneWith }: ComposerState, draft: Draft | null) =>
  draft && !doneWith.includes(draft.id) ? [...doneWith, draft.id] : doneWith

function withDraft(
  state: ComposerState,
  { draft, ground, isAwaited }: ComposerEvent & { type: 'draftCame' },
): ComposerState {
  const { writing, notice } = state
  if (writing.origin?.id === draft.id || state.offered?.id === draft.id || state.doneWith.includes(draft.id))
    return state
  const drafted: Writing = { text: draft.content, origin: draft, ground }
  if (writing.text === draft.content) return { ...state, writing: drafted, offered: null }
  // A reply that was taken back is the person's, whoever wrote it.
  const isFree = isUntouched(writing) && notice !== 'returned'
  if (!isAwaited || !isFree) return { ...state, offered: draft }
  return { ...state, writing: drafted, offered: null, notice: writing.origin ? 'newer' : notice }
}

function typed(writing: Writing, { text, ground }: { text: string; ground: Ground }): Writing {
  // Whoever begins anew answers what is there now.
  const isBegun = writing.text.trim() !== '' && writing.ground !== null
  return { ...writing, text, ground: isBegun ? writing.ground : ground }
}

function replaced(state: ComposerState, writing: Writing): ComposerState {
  const isWorthKeeping = state.writing.text.trim() !== '' && state.writing.text !== writing.text
  return { ...state, writing, before: isWorthKeeping ? state.writing : null, notice: null }
}

/** What of a thread the author of a text has not seen; nothing while there is no text. Their own replies they know. */
export function missedBy<Message extends { id: string; author: { __typename: string; id?: string } }>(
  { text, ground }: Writing,
  messages: readonly Message[],
  agentId: string | undefined,
): Message[] {
  if (ground === null || text.trim() === '') return []
  const known = new Set(ground.messageIds)
  return messages.filter(
    ({ id, author }) => !known.has(id) && !(author.__typename === 'Agent' && author.id === agentId),
  )
}
