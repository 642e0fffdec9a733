import type { ReactNode } from 'react'
import { ErrorState, Skeleton } from '../../ui/state.tsx'

/** A part's choices, and what came of them: charts, a skeleton, or what went wrong. */
export function PartFrame<Data>({
  choices,
  data,
  isLoading,
  error,
  onRetry,
  children,
}: {
  choices?: ReactNode
  data: Data | null | undefined
  isLoading: boolean
  error: unknown
  onRetry: () => void
  children: (data: Data) => ReactNode
}) {
  return (
    <div className="flex flex-col gap-4" aria-busy={isLoading || undefined}>
      {choices && <div className="flex flex-wrap items-center gap-x-4 gap-y-2">{choices}</div>}
      {data !== null && data !== undefined ? (
        children(data)
      ) : isLoading ? (
        <Skeleton className="h-80" label="Loading figures" />
      ) : (
        <ErrorState title="These figures could not be loaded" error={error} onRetry={onRetry} />
      )}
    </div>
  )
}

/** A surface that a chart stands on. */
export function Card({ className = '', children }: { className?: string; children: ReactNode }) {
  return <div className={`min-w-0 rounded-lg border border-line bg-surface p-4 ${className}`}>{children}</div>
}

/** A figure that is read before any chart. */
export function Tile({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div className="min-w-0 rounded-lg border border-line bg-surface px-4 py-3">
      <dt className="text-xs text-ink-soft">{label}</dt>
      <dd className="truncate text-xl font-semibold tabular-nums">{value}</dd>
      {note && <dd className="text-xs text-ink-faint">{note}</dd>}
    </div>
  )
}
