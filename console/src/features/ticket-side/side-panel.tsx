import { ChevronRight } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { useSetting } from '../../shared/settings.ts'
import { classes } from '../../ui/classes.ts'

/** A part of the side, which can be closed; this browser remembers it. What matters most stays readable in its heading (`summary`). */
export function SidePanel({
  name,
  title,
  summary,
  isOpenAtFirst = true,
  children,
}: {
  /** What its state is kept by. */
  name: string
  title: string
  summary?: ReactNode
  isOpenAtFirst?: boolean
  children: ReactNode
}) {
  const [isOpen, setOpen] = useSetting(`ticket-side.${name}`, isOpenAtFirst)
  const id = useId()
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-surface">
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          className="flex min-h-9 w-full items-center gap-1.5 rounded-lg px-2.5 text-left text-sm font-semibold hover:bg-raised"
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight
            aria-hidden
            className={classes('size-4 shrink-0 text-ink-faint transition-transform', isOpen && 'rotate-90')}
          />
          <span className="truncate" title={title}>
            {title}
          </span>
          {summary && <span className="ml-auto shrink-0 font-normal text-ink-soft">{summary}</span>}
        </button>
      </h2>
      <div id={id} hidden={!isOpen}>
        {isOpen && <div className="px-3 pt-1 pb-3">{children}</div>}
      </div>
    </section>
  )
}

/** More of the same, on demand. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="group text-xs">
      <summary className="inline-flex min-h-6 cursor-pointer list-none items-center gap-1 rounded text-ink-faint hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3 transition-transform group-open:rotate-90" />
        {label}
      </summary>
      <div className="pt-1 pl-4 text-ink-soft">{children}</div>
    </details>
  )
}
