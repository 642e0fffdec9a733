import { useId, type ComponentProps, type ReactNode } from 'react'
import type { UserError } from '../graph/errors.ts'
import { classes } from './classes.ts'

const box =
  'min-h-8 w-full rounded-md border border-line-strong/60 bg-surface px-2 py-1 text-sm text-ink placeholder:text-ink-faint disabled:opacity-60 aria-invalid:border-bad'

/** The refusal that names this input field (the last part of `path`), if any. */
export const errorAt = (errors: readonly UserError[] | undefined, name: string): string | undefined =>
  errors?.find(({ path }) => path?.at(-1) === name)?.message

type Common = { label: string; hint?: ReactNode; error?: string | undefined; isLabelHidden?: boolean }

function Frame({ id, label, hint, error, isLabelHidden, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className={classes('text-sm font-medium', isLabelHidden && 'sr-only')}>
        {label}
      </label>
      {children}
      <Notes {...{ id, hint, error }} />
    </div>
  )
}

/** What `described` points to. */
function Notes({ id, hint, error }: Pick<Common, 'hint' | 'error'> & { id: string }) {
  return (
    <>
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-ink-faint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-xs text-bad">
          {error}
        </p>
      )}
    </>
  )
}

function described(id: string, { hint, error }: Pick<Common, 'hint' | 'error'>) {
  const by = classes(Boolean(hint) && `${id}-hint`, Boolean(error) && `${id}-error`)
  return { id, 'aria-invalid': Boolean(error) || undefined, ...(by && { 'aria-describedby': by }) }
}

export function TextField({
  label,
  hint,
  error,
  isLabelHidden = false,
  className,
  ...rest
}: Common & ComponentProps<'input'>) {
  const id = useId()
  return (
    <Frame {...{ id, label, hint, error, isLabelHidden }}>
      <input className={classes(box, className)} {...described(id, { hint, error })} {...rest} />
    </Frame>
  )
}

export function TextArea({
  label,
  hint,
  error,
  isLabelHidden = false,
  className,
  ...rest
}: Common & ComponentProps<'textarea'>) {
  const id = useId()
  return (
    <Frame {...{ id, label, hint, error, isLabelHidden }}>
      <textarea className={classes(box, className)} {...described(id, { hint, error })} {...rest} />
    </Frame>
  )
}

/** The system's own list: it is keyboard-operable everywhere. */
export function SelectField({
  label,
  hint,
  error,
  isLabelHidden = false,
  options,
  className,
  ...rest
}: Common & ComponentProps<'select'> & { options: readonly { value: string; label: string }[] }) {
  const id = useId()
  return (
    <Frame {...{ id, label, hint, error, isLabelHidden }}>
      <select className={classes(box, className)} {...described(id, { hint, error })} {...rest}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  )
}

export function CheckField({ label, hint, error, ...rest }: Common & ComponentProps<'input'>) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="inline-flex min-h-6 items-center gap-2 text-sm">
        <input type="checkbox" className="size-4 accent-accent" {...described(id, { hint, error })} {...rest} />
        {label}
      </label>
      <Notes {...{ id, hint, error }} />
    </div>
  )
}
