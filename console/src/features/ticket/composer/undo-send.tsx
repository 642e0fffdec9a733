import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { toast } from '../../../shared/toast.ts'
import { useCommand } from '../../../commands/use-command.ts'
import { sentence } from '../../../graph/errors.ts'
import { useMutate } from '../../../graph/mutate.ts'
import { useNow } from '../../../shared/now.tsx'
import { Button } from '../../../ui/button.tsx'
import { TicketRecallDocument } from '../outbox/generated/Outbox.ts'
import type { Reply } from '../outbox/outbox.ts'
import type { Sent } from '../outbox/store.ts'

/** Takes a reply back while it is held; its text comes back too. */
export function UndoSend({ sent, onRecalled }: { sent: Sent; onRecalled: (reply: Reply) => void }) {
  const now = useNow()
  const [isGone, setGone] = useState(false)
  const [recall, isBusy] = useMutate(TicketRecallDocument)
  const seconds = Math.ceil((sent.until - now) / 1_000)
  const isOver = isGone || seconds <= 0
  const undo = async () => {
    const outcome = await recall({ input: { id: sent.messageId } }, { isQuiet: true })
    if (outcome.isGood) return onRecalled(sent.reply)
    if (outcome.errors.some(({ code }) => code === 'INVALID_TRANSITION' || code === 'NOT_FOUND')) {
      setGone(true)
      toast.error('It is too late: the reply is on its way.')
    } else toast.error(`The reply was not taken back. ${outcome.errors.map(sentence).join(' ')}`)
  }
  useCommand({
    id: 'ticket.undoSend',
    title: 'Undo send',
    section: 'Ticket',
    shortcut: 'mod+shift+z',
    keywords: ['recall', 'take back'],
    isEnabled: !isOver,
    run: () => void undo(),
  })
  if (isOver) return null
  return (
    <div role="status" className="flex items-center gap-2 border-t border-line bg-good-soft px-4 py-1.5 text-sm">
      <span className="font-medium text-good">Reply sent</span>
      <span aria-hidden className="text-xs text-ink-soft tabular-nums">
        goes out in {seconds} s
      </span>
      <Button className="ml-auto min-h-7 px-2" isBusy={isBusy} onClick={() => void undo()}>
        <Undo2 aria-hidden className="size-4" />
        Undo
      </Button>
    </div>
  )
}
