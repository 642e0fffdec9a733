import { Popover as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** A small panel beside its button. It takes the focus, and gives it back when it closes; Escape and a click elsewhere close it. */
export function Popover({
  isOpen,
  onOpenChange,
  label,
  trigger,
  align = 'start',
  className,
  children,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  /** What the panel is called for those who hear it. */
  label: string
  trigger: ReactNode
  align?: 'start' | 'center' | 'end'
  className?: string
  children: ReactNode
}) {
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={classes(
            'z-30 outline-none max-h-(--radix-popover-content-available-height) w-72 overflow-y-auto rounded-md border border-line bg-surface shadow-lg',
            className,
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
