import type { FormEvent, ReactNode } from 'react'
import type { UserError } from '../../graph/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { reasons } from './use-changes.ts'

type FormDialogProps = {
  title: string
  description?: ReactNode
  verb: string
  isBusy: boolean
  isReady?: boolean
  isWide?: boolean
  /** What was refused and no field shows. */
  errors?: readonly UserError[]
  onSubmit: () => unknown
  onClose: () => void
  children: ReactNode
}

/** A dialog that asks something and does one thing with the answers. */
export function FormDialog(props: FormDialogProps) {
  const {
    title,
    description,
    verb,
    isBusy,
    isReady = true,
    isWide = false,
    errors = [],
    onSubmit,
    onClose,
    children,
  } = props
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && !isBusy) void onSubmit()
  }
  return (
    <Dialog isOpen onClose={onClose} title={title} isWide={isWide} {...(description !== undefined && { description })}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        {children}
        {errors.length > 0 && (
          <p role="alert" className="rounded-md bg-bad-soft p-2 text-sm text-bad">
            {reasons(errors)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={!isReady} isBusy={isBusy}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
