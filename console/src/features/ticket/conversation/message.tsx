import { Bot, Reply as ReplyIcon } from 'lucide-react'
import { Avatar } from '../../../ui/avatar.tsx'
import { classes } from '../../../ui/classes.ts'
import type { TicketMessageFragment } from '../generated/Ticket.ts'
import { Attachments } from './attachments.tsx'
import { Delivery } from './delivery.tsx'
import { PlainText } from './plain-text.tsx'
import { At } from './at.tsx'

/** Something that was said: by the customer at the left, by the team at the right. */
export function MessageItem({ message, isNew = false }: { message: TicketMessageFragment; isNew?: boolean }) {
  const { fromAgent, authorName, author, content, createdAt, editedAt, delivery, inReplyTo } = message
  if (delivery?.status === 'RECALLED') return <Aside text={`${authorName} took a reply back`} at={createdAt} />
  if (content === '' && message.attachments.length === 0) return <Aside text="A message was deleted" at={createdAt} />
  const isSystem = author.__typename === 'SystemActor'
  return (
    <article
      aria-label={`${fromAgent ? 'Reply' : 'Message'} from ${authorName}`}
      className={classes('flex max-w-[46rem] gap-2.5', fromAgent ? 'ml-auto w-[88%] flex-row-reverse' : 'w-[88%]')}
    >
      <Avatar name={authorName} className={classes('mt-0.5 size-7', !fromAgent && 'bg-raised text-ink-soft')} />
      <div className={classes('min-w-0 flex-1', fromAgent && 'flex flex-col items-end')}>
        <p className="mb-0.5 flex flex-wrap items-baseline gap-x-2 text-xs text-ink-faint">
          <span className="font-semibold text-ink">{authorName}</span>
          {isSystem && (
            <span className="inline-flex items-center gap-0.5">
              <Bot aria-hidden className="size-3" /> automatic
            </span>
          )}
          <At at={createdAt} />
          {editedAt && <span title={editedAt}>edited</span>}
          {isNew && <span className="rounded bg-accent px-1 font-semibold text-accent-ink">New</span>}
        </p>
        <div
          className={classes(
            'w-fit max-w-full rounded-xl border px-3.5 py-2.5 leading-relaxed',
            fromAgent ? 'rounded-tr-sm border-transparent bg-accent-soft' : 'rounded-tl-sm border-line bg-surface',
            isNew && 'ring-2 ring-accent',
          )}
        >
          {inReplyTo && inReplyTo.content !== '' && (
            <blockquote className="mb-1.5 flex items-center gap-1 border-l-2 border-line-strong pl-2 text-xs text-ink-soft">
              <ReplyIcon aria-hidden className="size-3 shrink-0" />
              <span className="line-clamp-1">
                {inReplyTo.authorName}: {inReplyTo.content}
              </span>
            </blockquote>
          )}
          <PlainText>{content}</PlainText>
          <Attachments files={message.attachments} />
        </div>
        {delivery && (
          <p className="mt-0.5 text-xs text-ink-faint">
            <Delivery of={delivery} />
          </p>
        )}
      </div>
    </article>
  )
}

function Aside({ text, at }: { text: string; at: string }) {
  return (
    <p className="mx-auto text-xs text-ink-faint">
      {text} · <At at={at} />
    </p>
  )
}
