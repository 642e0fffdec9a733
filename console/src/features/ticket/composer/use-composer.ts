import { useQuery } from '@apollo/client/react'
import { useEffect, useEffectEvent, useReducer } from 'react'
import { useViewer } from '../../../session/viewer.tsx'
import type { TicketMessageFragment } from '../generated/Ticket.ts'
import { awaitsAnswer } from '../conversation/items.ts'
import { TicketDraftNowDocument } from './generated/Composer.ts'
import { forgetOldTexts, keepText, restoreText } from './kept-text.ts'
import { compose, isUntouched, missedBy, type Ground } from './state.ts'
import { useDraftUse } from './use-draft-use.ts'

export type ComposedTicket = {
  id: string
  number: number
  revision: string
  messages: readonly TicketMessageFragment[]
}

/** The text of a ticket's reply: the draft as it comes, what the person makes of it, and what was said meanwhile. */
export function useComposer(ticket: ComposedTicket) {
  const { agent, tenant } = useViewer()
  const owner = `${tenant.id}.${agent?.id ?? 'nobody'}`
  const [state, dispatch] = useReducer(compose, null, () => restoreText(owner, ticket.id))
  const ground: Ground = { revision: ticket.revision, messageIds: ticket.messages.map(({ id }) => id) }
  const { data, error, loading, refetch } = useQuery(TicketDraftNowDocument, { variables: { number: ticket.number } })
  const draft = data?.ticketByNumber?.draft ?? null
  const tellUse = useDraftUse()

  const take = useEffectEvent(() => {
    if (!draft || draft.basedOn !== ticket.revision) return
    dispatch({ type: 'draftCame', draft, ground, isAwaited: awaitsAnswer(ticket.messages) })
  })
  useEffect(() => take(), [draft, ticket.revision])
  // A draft is never older than what was said: it is read anew when the conversation goes on.
  const renew = useEffectEvent(() => {
    if (data?.ticketByNumber && draft?.basedOn !== ticket.revision) refetch().catch(() => {})
  })
  useEffect(() => renew(), [ticket.revision])

  const shownId = state.writing.origin?.id
  useEffect(() => {
    if (shownId !== undefined) tellUse(shownId, 'SHOWN')
  }, [shownId, tellUse])
  useEffect(() => keepText(owner, ticket.id, state, Date.now()), [owner, ticket.id, state])
  // After this ticket's was restored and kept anew.
  useEffect(() => forgetOldTexts(Date.now()), [])

  const missed = missedBy(state.writing, ticket.messages, agent?.id)
  return {
    state,
    dispatch,
    ground,
    missed,
    /** The newest draft; null where there is none. */
    draft,
    isDraftLoading: loading && awaitsAnswer(ticket.messages),
    draftError: error,
    reloadDraft: refetch,
    tellUse,
    isUntouched: isUntouched(state.writing),
    /** What a reply is sent on: what its author knows. */
    revision: missed.length > 0 ? (state.writing.ground?.revision ?? ticket.revision) : ticket.revision,
  }
}

export type ComposerModel = ReturnType<typeof useComposer>
