import { CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react'
import { sentence } from '../../../graph/errors.ts'
import { Button } from '../../../ui/button.tsx'
import type { Entry } from '../outbox/outbox.ts'
import { PlainText } from './plain-text.tsx'

/** A reply of one's own that has not arrived: on its way, waiting for the connection, or refused. */
export function PendingItem({ entry, onEdit, onDiscard }: { entry: Entry; onEdit: () => void; onDiscard: () => void }) {
  const { reply, state } = entry
  return (
    <article aria-label="Your reply, not sent yet" className="ml-auto flex w-[88%] max-w-[46rem] flex-col items-end">
      <div className="w-fit max-w-full rounded-xl rounded-tr-sm border border-dashed border-line-strong bg-accent-soft/60 px-3.5 py-2.5 leading-relaxed">
        <PlainText>{reply.content}</PlainText>
        {reply.files.length > 0 && (
          <p className="mt-1 text-xs text-ink-soft">With {reply.files.map(({ fileName }) => fileName).join(', ')}</p>
        )}
      </div>
      <div className="mt-0.5 flex items-center gap-2 text-xs text-ink-soft">
        <PendingState entry={entry} />
        {state.is !== 'sending' && state.is !== 'conflict' && (
          <>
            <Button kind="quiet" className="min-h-6 px-1.5 text-xs" onClick={onEdit}>
              Edit
            </Button>
            <Button kind="quiet" className="min-h-6 px-1.5 text-xs" onClick={onDiscard}>
              Discard
            </Button>
          </>
        )}
      </div>
    </article>
  )
}

function PendingState({ entry: { state } }: { entry: Entry }) {
  switch (state.is) {
    case 'sending':
      return (
        <span className="inline-flex items-center gap-1">
          <LoaderCircle aria-hidden className="size-3 animate-spin" /> Sending
        </span>
      )
    case 'waiting':
      return (
        <span className="inline-flex items-center gap-1 font-medium text-warn">
          <CloudOff aria-hidden className="size-3" /> Waiting to be sent
        </span>
      )
    case 'conflict':
      return (
        <span className="inline-flex items-center gap-1 font-medium text-warn">
          <TriangleAlert aria-hidden className="size-3" /> Not sent: the conversation went on
        </span>
      )
    case 'refused':
      return (
        <span role="alert" className="inline-flex items-center gap-1 font-medium text-bad">
          <TriangleAlert aria-hidden className="size-3" /> Not sent: {state.errors.map(sentence).join(' ')}
        </span>
      )
    default:
      return state satisfies never
  }
}
