import { ArrowDown, MessagesSquare } from 'lucide-react'
import { memo, useState } from 'react'
import { useCommand } from '../../../commands/use-command.ts'
import { formatDate } from '../../../shared/format.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/state.tsx'
import type { ThreadItem } from './items.ts'
import { MessageItem } from './message.tsx'
import { NoteItem } from './note.tsx'
import { PendingItem } from './pending.tsx'
import { useStickToEnd } from './use-stick-to-end.ts'

/** So many of the newest are shown, and so many more each time. */
const step = 30

type ConversationProps = {
  items: readonly ThreadItem[]
  /** Messages that came while the person wrote. */
  newIds: ReadonlySet<string>
  onEditPending: (key: string) => void
  onDiscardPending: (key: string) => void
}

/** What was said and noted, in the order of time, at its end. */
export const Conversation = memo(function Conversation({
  items,
  newIds,
  onEditPending,
  onDiscardPending,
}: ConversationProps) {
  const [count, setCount] = useState(step)
  const last = items.at(-1)
  const { box, onScroll, toEnd, leftAt } = useStickToEnd(last?.id, last?.is === 'pending')
  useCommand({ id: 'ticket.newest', title: 'Jump to the newest message', section: 'Ticket', run: toEnd })
  const shown = items.slice(-count)
  const unseen = leftAt === null ? 0 : items.length - 1 - items.findIndex(({ id }) => id === leftAt)
  const showEarlier = () => {
    const element = box.current
    const fromEnd = element ? element.scrollHeight - element.scrollTop : 0
    setCount(count + step)
    requestAnimationFrame(() => {
      if (element) element.scrollTop = element.scrollHeight - fromEnd
    })
  }
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        onScroll={onScroll}
        role="log"
        aria-label="Conversation"
        aria-live="polite"
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain outline-offset-[-2px]"
      >
        <div className="flex min-h-full flex-col justify-end gap-4 px-5 py-4">
          {items.length > shown.length && (
            <Button className="mx-auto" onClick={showEarlier}>
              Show {Math.min(step, items.length - shown.length)} earlier
            </Button>
          )}
          {items.length === 0 && <EmptyState icon={MessagesSquare} title="Nothing was said yet" />}
          {shown.map((item, index) => (
            <div key={item.id} className="flex flex-col gap-4">
              {isNewDay(shown[index - 1], item) && <DayLine at={item.at} />}
              {item.is === 'message' && <MessageItem message={item.message} isNew={newIds.has(item.id)} />}
              {item.is === 'note' && <NoteItem note={item.note} />}
              {item.is === 'pending' && (
                <PendingItem
                  entry={item.entry}
                  onEdit={() => onEditPending(item.id)}
                  onDiscard={() => onDiscardPending(item.id)}
                />
              )}
            </div>
          ))}
        </div>
      </div>
      {leftAt !== null && (
        <Button
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-md"
          kind={unseen > 0 ? 'primary' : 'plain'}
          onClick={toEnd}
        >
          <ArrowDown aria-hidden className="size-4" />
          {unseen > 0 ? `${unseen} new ${unseen === 1 ? 'message' : 'messages'}` : 'Newest'}
        </Button>
      )}
    </div>
  )
})

const dayOf = ({ at }: ThreadItem) => new Date(at).toDateString()
const isNewDay = (before: ThreadItem | undefined, item: ThreadItem) => !before || dayOf(before) !== dayOf(item)

function DayLine({ at }: { at: string }) {
  return (
    <div className="flex items-center gap-3 text-xs text-ink-faint">
      <span className="h-px flex-1 bg-line" />
      <time dateTime={at}>{formatDate(at)}</time>
      <span className="h-px flex-1 bg-line" />
    </div>
  )
}
