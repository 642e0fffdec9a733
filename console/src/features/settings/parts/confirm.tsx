import type { ReactNode } from 'react'
import { ConfirmDialog } from '../../../ui/dialog.tsx'

/** Asks before one of a list is removed; stays where it was refused. */
export function ConfirmRemoval({
  what,
  verb = 'Delete',
  onClose,
  onConfirm,
  children,
}: {
  what: string
  verb?: string
  onClose: () => void
  onConfirm: () => Promise<unknown>
  children: ReactNode
}) {
  return (
    <ConfirmDialog
      isOpen
      title={`${verb} ${what}?`}
      description={children}
      verb={verb}
      onClose={onClose}
      onConfirm={onConfirm}
    />
  )
}
