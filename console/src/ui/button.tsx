import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'
import { Tip } from './tip.tsx'

const kinds = {
  primary: 'bg-accent text-accent-ink hover:opacity-90',
  plain: 'border border-line-strong/60 bg-surface text-ink hover:bg-raised',
  quiet: 'text-ink-soft hover:bg-raised hover:text-ink',
  danger: 'border border-bad/60 text-bad hover:bg-bad-soft',
}

type ButtonProps = ComponentProps<'button'> & { kind?: keyof typeof kinds; isBusy?: boolean }

export function Button({ kind = 'plain', isBusy = false, className, disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={isBusy || undefined}
      disabled={disabled || isBusy}
      className={classes(
        'inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md px-3 text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-50',
        kinds[kind],
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  )
}

/** A button that shows only an icon: its label is read out, and shown as a tip with its shortcut. */
export function IconButton({
  label,
  shortcut,
  className,
  children,
  ...rest
}: Omit<ButtonProps, 'kind'> & { label: string; shortcut?: string; children: ReactNode }) {
  return (
    <Tip text={label} shortcut={shortcut}>
      <Button kind="quiet" aria-label={label} className={classes('size-8 px-0!', className)} {...rest}>
        {children}
      </Button>
    </Tip>
  )
}
