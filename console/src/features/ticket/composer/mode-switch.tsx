import { MessageSquareReply, StickyNote } from 'lucide-react'
import { memo } from 'react'
import { Tip } from '../../../ui/tip.tsx'
import { classes } from '../../../ui/classes.ts'

const modes = [
  { mode: 'reply', label: 'Reply', icon: MessageSquareReply, shortcut: 'r', look: 'bg-accent-soft text-accent' },
  { mode: 'note', label: 'Note', icon: StickyNote, shortcut: 'n', look: 'bg-note text-surface' },
] as const

/** To the customer, or only to the team. */
export const ModeSwitch = memo(function ModeSwitch({
  mode,
  onTurn,
}: {
  mode: 'reply' | 'note'
  onTurn: (mode: 'reply' | 'note') => void
}) {
  return (
    <div role="group" aria-label="To whom" className="flex shrink-0 gap-0.5">
      {modes.map(({ mode: one, label, icon: Icon, shortcut, look }) => (
        <Tip key={one} text={one === 'note' ? 'For the team only' : 'To the customer'} shortcut={shortcut}>
          <button
            type="button"
            aria-pressed={one === mode}
            onClick={() => onTurn(one)}
            className={classes(
              'inline-flex min-h-6 items-center gap-1 rounded px-2 text-xs font-medium',
              one === mode ? look : 'text-ink-soft hover:bg-raised',
            )}
          >
            <Icon aria-hidden className="size-3.5" />
            {label}
          </button>
        </Tip>
      ))}
    </div>
  )
})
