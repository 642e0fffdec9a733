import { ChevronRight } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { useSetting } from '../../shared/settings.ts'
import { classes } from '../../ui/classes.ts'

/** A part of the panel that opens and closes; how it was left is kept at this browser. What is closed asks for nothing. */
export function Fold({
  name,
  title,
  aside,
  isOpenAtFirst = false,
  children,
}: {
  name: string
  title: string
  /** Shown beside the title, also while closed. */
  aside?: ReactNode
  isOpenAtFirst?: boolean
  children: ReactNode
}) {
  const [isOpen, setOpen] = useSetting(`customer.${name}`, isOpenAtFirst)
  const id = useId()
  return (
    <div className="border-t border-line">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-9 w-full items-center gap-1.5 px-3 text-left text-sm font-medium -outline-offset-2 hover:bg-raised"
        >
          <ChevronRight
            aria-hidden
            className={classes('size-4 shrink-0 text-ink-faint transition-transform', isOpen && 'rotate-90')}
          />
          <span className="flex-1">{title}</span>
          {aside !== undefined && <span className="truncate text-xs font-normal text-ink-soft">{aside}</span>}
        </button>
      </h3>
      <div id={id} hidden={!isOpen} className="px-3 pt-1 pb-3">
        {isOpen && children}
      </div>
    </div>
  )
}
