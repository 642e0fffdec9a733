import { CircleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { failuresOf, sentence } from '../graph/errors.ts'
import { Button } from './button.tsx'
import { classes } from './classes.ts'

/** What is shown where there is nothing: what would be here, and what to do. */
export function EmptyState({
  icon: Icon,
  title,
  children,
}: {
  icon?: LucideIcon
  title: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center gap-2 p-8 text-center">
      {Icon && <Icon aria-hidden className="size-8 text-ink-faint" />}
      <div className="font-medium">{title}</div>
      {children && <div className="max-w-prose text-sm text-balance text-ink-soft">{children}</div>}
    </div>
  )
}

/** What is shown where loading failed: what happened, and a way to try again. */
export function ErrorState({
  title = 'This could not be loaded',
  error,
  onRetry,
}: {
  title?: ReactNode
  error: unknown
  onRetry?: () => void
}) {
  return (
    <div role="alert" className="flex flex-col items-center gap-2 p-8 text-center">
      <CircleAlert aria-hidden className="size-8 text-bad" />
      <div className="font-medium">{title}</div>
      <p className="max-w-prose text-sm text-balance text-ink-soft">{failuresOf(error).map(sentence).join(' ')}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  )
}

/** A part that a service could not give; the rest of the page stands. */
export function Missing({ what }: { what: string }) {
  return <p className="rounded-md bg-warn-soft p-2 text-xs text-warn">{what} cannot be shown at the moment.</p>
}

export function Skeleton({ className, label = 'Loading' }: { className?: string; label?: string }) {
  return <div role="status" aria-label={label} className={classes('animate-pulse rounded bg-raised', className)} />
}
