import { Slot } from 'radix-ui'
import { lazy, Suspense, useState, type FocusEvent, type PointerEvent, type ReactNode } from 'react'

const ShownTip = lazy(() => import('./shown-tip.tsx').then((module) => ({ default: module.ShownTip })))

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
  const [timer, setTimer] = useState<ReturnType<typeof setTimeout>>()
  const hide = () => {
    clearTimeout(timer)
    setAnchor(null)
  }
  const show = (element: Element, afterMs: number) => {
    clearTimeout(timer)
    setTimer(setTimeout(setAnchor, afterMs, element))
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
