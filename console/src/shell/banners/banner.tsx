import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../../ui/classes.ts'

const tones = {
  warn: 'bg-warn-soft text-warn',
  good: 'bg-good-soft text-good',
  note: 'bg-note-soft text-note',
  accent: 'bg-accent-soft text-accent',
}

/** A notice above everything; it takes room of its own and covers nothing. */
export function Banner({
  tone,
  icon: Icon,
  actions,
  children,
}: {
  tone: keyof typeof tones
  icon: LucideIcon
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <div
      className={classes(
        'flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5 text-sm',
        tones[tone],
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1">{children}</p>
      {actions}
    </div>
  )
}

export function BannerButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="min-h-6 shrink-0 rounded border border-current px-2 text-xs font-medium hover:bg-surface/60"
    >
      {children}
    </button>
  )
}
