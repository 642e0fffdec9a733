import { Tooltip } from 'radix-ui'
import { useEffect, useId, type ReactNode } from 'react'
import { Keys } from './keys.tsx'

/** The tip itself, beside what it is about. */
export function ShownTip({
  anchor,
  text,
  shortcut,
  onHide,
}: {
  anchor: Element
  text: ReactNode
  shortcut?: string | undefined
  onHide: () => void
}) {
  const id = useId()
  const { left, top, width, height } = anchor.getBoundingClientRect()
  useEffect(() => {
    const before = anchor.getAttribute('aria-describedby')
    anchor.setAttribute('aria-describedby', before ? `${before} ${id}` : id)
    return () => {
      if (before) anchor.setAttribute('aria-describedby', before)
      else anchor.removeAttribute('aria-describedby')
    }
  }, [anchor, id])
  return (
    <Tooltip.Provider>
      <Tooltip.Root open onOpenChange={(isOpen) => !isOpen && onHide()}>
        <Tooltip.Trigger asChild>
          <span aria-hidden className="pointer-events-none fixed" style={{ left, top, width, height }} />
        </Tooltip.Trigger>
        {/* In a landmark, as all that is read. */}
        <Tooltip.Portal container={anchor.closest<HTMLElement>('main, header')}>
          <Tooltip.Content
            id={id}
            sideOffset={4}
            collisionPadding={8}
            className="pointer-events-none z-50 max-w-xs rounded-md border border-line bg-surface px-2 py-1 text-xs text-ink shadow-lg"
          >
            {text} {shortcut && <Keys of={shortcut} />}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  )
}
