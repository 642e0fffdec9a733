import { History, RotateCcw, Sparkles, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import type { TicketMessageFragment } from '../generated/Ticket.ts'
import type { ComposerState } from './state.ts'

function Notice({ isUrgent = false, icon, children }: { isUrgent?: boolean; icon: ReactNode; children: ReactNode }) {
  return (
    <div
      role={isUrgent ? 'alert' : 'status'}
      className={classes(
        'flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1 text-xs',
        isUrgent ? 'bg-warn-soft text-warn' : 'bg-raised text-ink-soft',
      )}
    >
      {icon}
      {children}
    </div>
  )
}

const small = 'min-h-6 px-1.5 text-xs'

const sentences: Record<NonNullable<ComposerState['notice']>, string> = {
  restored: 'What you had written is back.',
  newer: 'The conversation went on: this is the newer draft.',
  returned: 'Your reply is back; it was not sent.',
}

/** What happened to the text here, with the way back. */
export function TextNotice({ state, onUndo }: { state: ComposerState; onUndo: () => void }) {
  const { notice, before } = state
  if (!notice && !before) return null
  return (
    <Notice icon={<History aria-hidden className="size-3.5" />}>
      <span>{notice ? sentences[notice] : 'Your text was replaced.'}</span>
      {before && (
        <Button kind="quiet" className={small} onClick={onUndo}>
          Bring my text back
        </Button>
      )}
    </Notice>
  )
}

/** A draft that is not put in by itself: the text here is the person's, or nobody waits for an answer. */
export function OfferNotice({
  hasText,
  onTake,
  onDecline,
}: {
  hasText: boolean
  onTake: () => void
  onDecline: () => void
}) {
  return (
    <Notice icon={<Sparkles aria-hidden className="size-3.5" />}>
      <span>
        {hasText ? 'There is a newer draft. Your text stays.' : 'There is a draft, should you want to write.'}
      </span>
      <Button kind="quiet" className={small} onClick={onTake}>
        {hasText ? 'Use the draft instead' : 'Use the draft'}
      </Button>
      <Button kind="quiet" className={small} onClick={onDecline}>
        No, thanks
      </Button>
    </Notice>
  )
}

type MissedNoticeProps = {
  missed: readonly TicketMessageFragment[]
  canRewrite: boolean
  onSendAnyway: () => void
  onRewrite: () => void
  onCaughtUp: () => void
}

/** What was said while the person wrote. Nothing is sent before they have seen it. */
export function MissedNotice({ missed, canRewrite, onSendAnyway, onRewrite, onCaughtUp }: MissedNoticeProps) {
  return (
    <section
      role="alert"
      aria-label="Said meanwhile"
      className="border-b border-warn/40 bg-warn-soft px-3 py-2 text-sm"
    >
      <p className="flex items-center gap-1.5 text-xs font-semibold text-warn">
        <TriangleAlert aria-hidden className="size-3.5" />
        The conversation went on while you wrote. Nothing was sent; your text is below.
      </p>
      <ul className="my-1.5 flex max-h-32 flex-col gap-1 overflow-y-auto border-l-2 border-warn pl-2">
        {missed.map(({ id, authorName, content }) => (
          <li key={id}>
            <span className="font-semibold">{authorName}:</span> {content || 'a file'}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-1.5">
        <Button className="min-h-7 px-2 text-xs" onClick={onSendAnyway}>
          Send anyway
        </Button>
        {canRewrite && (
          <Button className="min-h-7 px-2 text-xs" onClick={onRewrite}>
            <RotateCcw aria-hidden className="size-3" />
            Write anew
          </Button>
        )}
        <Button kind="quiet" className="min-h-7 px-2 text-xs" onClick={onCaughtUp}>
          I have read it
        </Button>
      </div>
    </section>
  )
}
