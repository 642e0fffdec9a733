import { useEffect, type ReactNode } from 'react'
import { classes } from './classes.ts'

/** A page's head: its one `h1`, the document's title, and its actions. */
export function PageHeader({
  title,
  description,
  actions,
}: {
  title: string
  description?: ReactNode
  actions?: ReactNode
}) {
  useTitle(title)
  return (
    <header className="flex flex-wrap items-end justify-between gap-3 border-b border-line px-5 py-4">
      <div>
        <h1 className="text-xl font-semibold">{title}</h1>
        {description && <p className="text-sm text-ink-soft">{description}</p>}
      </div>
      {actions && <div className="flex gap-2">{actions}</div>}
    </header>
  )
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Quimbi`
  }, [title])
}

/** A titled part of a page. */
export function Section({
  title,
  actions,
  className,
  children,
}: {
  title: string
  actions?: ReactNode
  className?: string
  children: ReactNode
}) {
  return (
    <section aria-label={title} className={classes('rounded-lg border border-line bg-surface', className)}>
      <div className="flex items-center justify-between gap-2 border-b border-line px-3 py-2">
        <h2 className="text-sm font-semibold">{title}</h2>
        {actions}
      </div>
      <div className="p-3">{children}</div>
    </section>
  )
}
