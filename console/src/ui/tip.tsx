import { Slot } from 'radix-ui'
import { Suspense, useRef, useState, type FocusEvent, type PointerEvent, type ReactNode } from 'react'
import { lazyPart } from './lazy-part.tsx'

const ShownTip = lazyPart(() => import('./shown-tip.tsx').then((module) => module.ShownTip), { isSilent: true })

const delayMs = 400

/**
 * A tip at hover and focus, with the shortcut that does the same. What shows it is loaded with the first one; until then, and ever after, the child is
 * the same element, so that it keeps the focus.
 */
export function Tip({
  text,
  shortcut,
  children,
}: {
  text: ReactNode
  shortcut?: string | undefined
  children: ReactNode
}) {
  const [anchor, setAnchor] = useState<Element | null>(null)
  // A press may come before the render that the pointer's coming asks for.
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const hide = () => {
    clearTimeout(timer.current)
    setAnchor(null)
  }
  const show = (element: Element, afterMs: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(setAnchor, afterMs, element)
  }
  return (
    <>
      <Slot.Root
        onPointerEnter={({ currentTarget, pointerType }: PointerEvent) =>
          pointerType !== 'touch' && show(currentTarget, delayMs)
        }
        onPointerLeave={hide}
        onPointerDown={hide}
        onFocus={({ currentTarget }: FocusEvent) => currentTarget.matches(':focus-visible') && show(currentTarget, 0)}
        onBlur={hide}
      >
        {children}
      </Slot.Root>
      {anchor && (
        <Suspense>
          <ShownTip anchor={anchor} text={text} shortcut={shortcut} onHide={hide} />
        </Suspense>
      )}
    </>
  )
}
