import { Toolbar } from 'radix-ui'
import type { ComponentProps } from 'react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Tip } from '../../ui/tip.tsx'

/** A button of the toolbar, with its name and shortcut as a tip. `label` holds the visible words, so that it can be called by them. */
export function ToolButton({
  label,
  shortcut,
  isPrimary = false,
  isIcon = false,
  isBusy = false,
  className,
  children,
  ...rest
}: ComponentProps<'button'> & {
  label: string
  shortcut?: string
  isPrimary?: boolean
  isIcon?: boolean
  isBusy?: boolean
}) {
  return (
    <Tip text={label} shortcut={shortcut}>
      <Toolbar.Button asChild {...rest}>
        <Button
          kind={isPrimary ? 'primary' : 'quiet'}
          isBusy={isBusy}
          aria-label={label}
          aria-keyshortcuts={shortcut?.toUpperCase()}
          className={classes(isIcon ? 'size-8 px-0!' : 'max-w-44 px-2!', className)}
        >
          {children}
        </Button>
      </Toolbar.Button>
    </Tip>
  )
}
