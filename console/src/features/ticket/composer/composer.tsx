import { useRef, useState } from 'react'
import { useCommand } from '../../../commands/use-command.ts'
import { classes } from '../../../ui/classes.ts'
import { useLasting } from '../../../shared/use-lasting.ts'
import { CollisionNotice } from '../presence.tsx'
import type { Present } from '../use-presence.ts'
import { MissedNotice, OfferNotice, TextNotice } from './notices.tsx'
import { ModeSwitch } from './mode-switch.tsx'
import { NotePane } from './note-pane.tsx'
import { ReplyPane } from './reply-pane.tsx'
import type { ThenStatus } from './send-button.tsx'
import { useDraftStream } from './use-draft-stream.ts'
import type { ComposedTicket, ComposerModel } from './use-composer.ts'
import type { Files } from './use-files.ts'
import type { Wish } from './draft-bar.tsx'

type ComposerProps = {
  ticket: ComposedTicket
  model: ComposerModel
  files: Files
  present: readonly Present[]
  onSend: (then: ThenStatus, options?: { isAnyway?: boolean }) => void
  onTyping: () => void
}

/** Where a reply or a note is written. The draft is in it already. */
export function Composer({ ticket, model, files, present, onSend, onTyping }: ComposerProps) {
  const { state, dispatch, ground, missed, draft, tellUse } = model
  const field = useRef<HTMLTextAreaElement>(null)
  const stream = useDraftStream((written) => {
    tellUse(written.id, 'INSERTED')
    dispatch({ type: 'took', draft: written, ground })
  })
  const isNote = state.mode === 'note'
  const turn = useLasting((mode: 'reply' | 'note') => {
    dispatch({ type: 'turned', mode })
    // The field of the other mode is there only after this.
    requestAnimationFrame(() => focusEnd(field.current))
  })
  const [pointedAt, setPointedAt] = useState<readonly string[]>([])
  const take = () => {
    if (!state.offered) return
    tellUse(state.offered.id, 'INSERTED')
    dispatch({ type: 'took', draft: state.offered, ground })
  }
  const write = useLasting((wish: Wish) => void (draft && stream.start({ previousDraftId: draft.id, ...wish })))

  const inTicket = { section: 'Ticket' } as const
  useCommand({
    ...inTicket,
    id: 'ticket.reply',
    title: 'Reply',
    shortcut: 'r',
    keywords: ['answer', 'write'],
    run: () => turn('reply'),
  })
  useCommand({
    ...inTicket,
    id: 'ticket.note',
    title: 'Add a note',
    shortcut: 'n',
    keywords: ['internal', 'team'],
    run: () => turn('note'),
  })
  useCommand({
    ...inTicket,
    id: 'ticket.regenerate',
    title: 'Write the draft anew',
    keywords: ['regenerate'],
    isEnabled: draft !== null,
    run: () => write({}),
  })

  return (
    <section
      aria-label={isNote ? 'Write a note' : 'Write a reply'}
      className={classes('shrink-0 border-t border-line', isNote ? 'bg-note-soft' : 'bg-surface')}
    >
      <CollisionNotice present={present} />
      {!isNote && (
        <>
          {missed.length > 0 && (
            <MissedNotice
              missed={missed}
              canRewrite={draft !== null}
              onSendAnyway={() => onSend(null, { isAnyway: true })}
              onRewrite={() => (state.offered ? take() : write({}))}
              onCaughtUp={() => dispatch({ type: 'caughtUp', ground })}
            />
          )}
          {missed.length === 0 && <TextNotice state={state} onUndo={() => dispatch({ type: 'undone' })} />}
          {state.offered && missed.length === 0 && state.writing.text.trim() !== '' && (
            <OfferNotice hasText onTake={take} onDecline={() => dispatch({ type: 'declined' })} />
          )}
        </>
      )}
      <div className="px-4 pt-2 pb-3">
        <div
          className={classes(
            'rounded-lg border',
            isNote
              ? 'border-dashed border-note bg-note-soft'
              : 'border-line-strong/60 bg-surface focus-within:border-accent',
          )}
        >
          {isNote ? (
            <NotePane
              ticketId={ticket.id}
              note={state.note}
              field={field}
              dispatch={dispatch}
              head={<ModeSwitch mode="note" onTurn={turn} />}
            />
          ) : (
            <ReplyPane
              {...{ model, files, field, stream, pointedAt, write }}
              head={<ModeSwitch mode="reply" onTurn={turn} />}
              onPoint={setPointedAt}
              onSend={onSend}
              onTyping={onTyping}
            />
          )}
        </div>
      </div>
    </section>
  )
}

function focusEnd(field: HTMLTextAreaElement | null): void {
  field?.focus()
  field?.setSelectionRange(field.value.length, field.value.length)
}
