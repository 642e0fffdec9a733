import { TriangleAlert } from 'lucide-react'
import { classes } from '../../../ui/classes.ts'
import { usedOf } from './citations.ts'
import type { Draft } from './state.ts'

/** How much of what the channel takes is used. */
export function LimitCount({ text, limit }: { text: string; limit: Draft['limit'] | undefined }) {
  if (!limit) return null
  const used = usedOf(text, limit.unit)
  const isOver = used > limit.max
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1 px-1 text-xs tabular-nums',
        isOver ? 'text-warn' : 'text-ink-faint',
      )}
    >
      {isOver && <TriangleAlert aria-hidden className="size-3" />}
      {used} of {limit.max} {limit.unit === 'WORDS' ? 'words' : 'characters'}
      {isOver && ': long for this channel'}
    </span>
  )
}
