import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { toast } from '../../../shared/toast.ts'
import { sentence } from '../../../graph/errors.ts'
import { transcriptOf } from '../conversation/items.ts'
import type { Entry, Reply } from '../outbox/outbox.ts'
import { useOutbox, useOutboxStore } from '../outbox/use-outbox.ts'
import type { ThenStatus } from './send-button.tsx'
import { isUntouched, type Writing } from './state.ts'
import type { ComposedTicket, ComposerModel } from './use-composer.ts'
import type { Files } from './use-files.ts'

/** Sends what is in the composer through the outbox, and takes back into the composer what did not go out. */
export function useReplying(
  ticket: ComposedTicket,
  { state, dispatch, ground, missed, revision }: ComposerModel,
  files: Files,
) {
  const store = useOutboxStore()
  const waiting = useOutbox()
  const entries = useMemo(() => waiting.filter(({ reply }) => reply.ticketId === ticket.id), [waiting, ticket.id])
  // What was sent from here, with the draft behind it: it comes back whole.
  const sentHere = useRef(new Map<string, Writing>())

  const send = (thenStatus: ThenStatus, { isAnyway = false } = {}) => {
    const { text, origin } = state.writing
    if (text.trim() === '') return
    if (files.isUploading) return void toast.warning('A file is still being uploaded.')
    if (missed.length > 0 && !isAnyway) return void toast.warning('Something was said meanwhile: read it first.')
    const reply: Reply = {
      key: crypto.randomUUID(),
      ticketId: ticket.id,
      number: ticket.number,
      content: text,
      revision: isAnyway ? ticket.revision : revisionOf(state.writing, revision),
      messageIds: ground.messageIds,
      draftId: origin?.id ?? null,
      isAsDrafted: isUntouched(state.writing),
      thenStatus,
      files: files.uploaded,
      basis: transcriptOf(ticket.messages),
      writtenAt: new Date().toISOString(),
    }
    sentHere.current.set(reply.key, state.writing)
    dispatch({ type: 'sent' })
    files.clear()
    store.dispatch({ type: 'written', reply })
  }

  const takeBack = (reply: Reply) => {
    const grounds = { revision: reply.revision, messageIds: reply.messageIds }
    const writing = sentHere.current.get(reply.key) ?? { text: reply.content, origin: null, ground: null }
    dispatch({ type: 'returned', writing: { ...writing, ground: grounds } })
    files.restore(reply.files)
  }
  const edit = (key: string) => {
    const entry = entries.find(({ reply }) => reply.key === key)
    if (!entry || entry.state.is === 'sending') return
    store.dispatch({ type: 'discarded', key })
    takeBack(entry.reply)
  }

  // Refused while its author looks on: the text is theirs again at once. Whoever writes on already decides beside the thread.
  const rollBack = useEffectEvent((entry: Entry) => {
    const { reply } = entry
    const isHere = sentHere.current.has(reply.key) && !entry.hasWaited
    if (!isHere || state.writing.text.trim() !== '') return
    if (entry.state.is !== 'conflict' && entry.state.is !== 'refused') return
    if (entry.state.is === 'refused') toast.error(`Not sent. ${entry.state.errors.map(sentence).join(' ')}`)
    store.dispatch({ type: 'discarded', key: reply.key })
    takeBack(reply)
  })
  useEffect(() => entries.forEach((entry) => rollBack(entry)))

  return { entries, sent: store.sent(ticket.id), send, edit, takeBack, store }
}

/** A draft that nobody changed knows no more than what it was written from. */
const revisionOf = (writing: Writing, revision: string): string =>
  isUntouched(writing) && writing.origin && writing.ground ? writing.ground.revision : revision
