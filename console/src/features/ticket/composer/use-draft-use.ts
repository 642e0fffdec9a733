import { useCallback } from 'react'
import { useGraph } from '../../../graph/graph.tsx'
import { mutate } from '../../../graph/mutate.ts'
import { TicketDraftOutcomeDocument, TicketDraftUseDocument } from './generated/Composer.ts'

type Use = 'SHOWN' | 'INSERTED' | 'DISCARDED'

const told = new Set<string>()

/** Tells the helpdesk and the models what became of a draft, once; nobody is bothered where that fails. */
export function useDraftUse() {
  const { apollo } = useGraph()
  return useCallback(
    (draftId: string, outcome: Use) => {
      const once = `${draftId} ${outcome}`
      if (told.has(once)) return
      told.add(once)
      const quietly = { isQuiet: true }
      void mutate(apollo, TicketDraftUseDocument, { input: { draftId, outcome } }, quietly)
      void mutate(apollo, TicketDraftOutcomeDocument, { input: { draftId, outcome } }, quietly)
    },
    [apollo],
  )
}
