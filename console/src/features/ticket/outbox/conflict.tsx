import { TriangleAlert } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { differenceOf, type DiffLine } from './difference.ts'
import type { Reply } from './outbox.ts'

type ConflictProps = {
  reply: Reply
  /** The conversation as it is now. */
  transcript: readonly string[]
  onSend: () => void
  onEdit: () => void
  onDiscard: () => void
}

/** A reply written offline that the conversation has overtaken: what changed since, and what is to become of it. */
export function Conflict({ reply, transcript, onSend, onEdit, onDiscard }: ConflictProps) {
  const small = 'min-h-7 px-2 text-xs'
  return (
    <section
      aria-label="A reply that was not sent"
      className="border-t border-warn/40 bg-warn-soft px-4 py-2.5 text-sm"
    >
      <p role="alert" className="flex items-center gap-1.5 text-xs font-semibold text-warn">
        <TriangleAlert aria-hidden className="size-3.5" />
        Your reply waited, and the conversation went on. It was not sent.
      </p>
      <div className="my-2 grid gap-3 @2xl:grid-cols-2">
        <div>
          <h3 className="mb-1 text-xs font-semibold text-ink-soft">What changed since you wrote</h3>
          <Difference lines={differenceOf(reply.basis, transcript)} />
        </div>
        <div>
          <h3 className="mb-1 text-xs font-semibold text-ink-soft">Your reply</h3>
          <p className="max-h-40 overflow-y-auto rounded-md border border-line bg-surface px-2 py-1.5 break-words whitespace-pre-wrap">
            {reply.content}
          </p>
        </div>
      </div>
      <div className="flex gap-1.5">
        <Button kind="primary" className={small} onClick={onSend}>
          Send anyway
        </Button>
        <Button className={small} onClick={onEdit}>
          Edit
        </Button>
        <Button kind="danger" className={small} onClick={onDiscard}>
          Discard
        </Button>
      </div>
    </section>
  )
}

const looks = {
  same: { tag: 'span', sign: ' ', className: 'text-ink-soft' },
  added: { tag: 'ins', sign: '+', className: 'bg-good-soft text-good no-underline' },
  removed: { tag: 'del', sign: '−', className: 'bg-bad-soft text-bad' },
} as const

export function Difference({ lines }: { lines: readonly DiffLine[] }) {
  if (lines.length === 0) return <p className="text-xs text-ink-soft">Nothing that can be read any more.</p>
  return (
    <ol className="max-h-40 overflow-y-auto rounded-md border border-line bg-surface py-1 text-sm">
      {lines.map((line, index) => (
        <li key={index} className="flex gap-2 px-2 py-0.5">
          <span aria-hidden className="w-3 shrink-0 text-center font-mono text-ink-faint">
            {line.is === 'changed' ? '~' : looks[line.is].sign}
          </span>
          <span className="min-w-0 break-words whitespace-pre-wrap">
            {line.is === 'changed' ? (
              line.parts.map((part, at) => <Part key={at} {...part} />)
            ) : (
              <Part is={line.is} text={line.text} />
            )}
          </span>
        </li>
      ))}
    </ol>
  )
}

function Part({ is, text }: { is: keyof typeof looks; text: string }) {
  const { tag: Tag, className } = looks[is]
  return <Tag className={classes('rounded-sm', className)}>{text}</Tag>
}
