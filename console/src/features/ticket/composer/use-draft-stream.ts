import { useEffect, useRef, useState } from 'react'
import { toast } from '../../../shared/toast.ts'
import { sentence, type Failure } from '../../../graph/errors.ts'
import { useGraph } from '../../../graph/graph.tsx'
import { TicketDraftStreamDocument, type TicketDraftStreamSubscriptionVariables } from './generated/Composer.ts'
import type { Draft } from './state.ts'

/** A draft that is being written, word by word; nothing of it is verified before it is done. */
export function useDraftStream(onDone: (draft: Draft) => void) {
  const { live } = useGraph()
  const [written, setWritten] = useState<string | null>(null)
  const leave = useRef<() => void>(() => {})
  useEffect(() => () => leave.current(), [])

  const stop = () => {
    leave.current()
    leave.current = () => {}
    setWritten(null)
  }
  const fail = (failures: readonly Failure[]) => {
    stop()
    toast.error(`The draft was not written anew. ${failures.map(sentence).join(' ')}`)
  }
  const start = (input: TicketDraftStreamSubscriptionVariables['input']) => {
    leave.current()
    setWritten('')
    leave.current = live.subscribe(
      { document: TicketDraftStreamDocument, variables: { input }, hasCursor: false },
      {
        next({ draftStream: chunk }) {
          if (!chunk.done) return setWritten((before) => (before ?? '') + chunk.text)
          stop()
          if (chunk.draft) onDone({ ...chunk.draft, content: chunk.text || chunk.draft.content })
        },
        // It cannot be continued where it broke off.
        resync: () => (fail([{ code: 'OFFLINE', message: '' }]), null),
        error: fail,
      },
    )
  }
  return { written, start, stop }
}
