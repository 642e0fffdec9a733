import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { useRef, useState, type ReactNode } from 'react'
import { Button, IconButton } from './button.tsx'
import { classes } from './classes.ts'

type DialogProps = {
  isOpen: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  isWide?: boolean
  children: ReactNode
}

/** A dialog that keeps the focus and gives it back. */
export function Dialog({ isOpen, onClose, title, description, isWide = false, children }: DialogProps) {
  // There is no trigger of the primitive's own to go back to.
  const before = useRef<Element | null>(null)
  return (
    <Primitive.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Primitive.Content
          {...(description === undefined && { 'aria-describedby': undefined })}
          onOpenAutoFocus={() => {
            before.current = document.activeElement
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            if (before.current instanceof HTMLElement) before.current.focus()
          }}
          className={classes(
            'fixed top-1/2 left-1/2 z-40 flex max-h-[90vh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-y-auto rounded-lg border border-line bg-surface p-5 shadow-xl',
            isWide ? 'max-w-3xl' : 'max-w-lg',
          )}
        >
          <div className="mb-3 pr-10">
            <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
            {description !== undefined && (
              <Primitive.Description className="text-sm text-ink-soft">{description}</Primitive.Description>
            )}
          </div>
          {children}
          {/* Last, so that the dialog opens on what it is about. */}
          <Primitive.Close asChild>
            <IconButton label="Close" className="absolute top-4 right-4">
              <X aria-hidden className="size-4" />
            </IconButton>
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

type ConfirmProps = Omit<DialogProps, 'children'> & { verb: string; onConfirm: () => unknown; children?: ReactNode }

/** Asks before what cannot be undone. */
export function ConfirmDialog({ verb, onConfirm, children, ...dialog }: ConfirmProps) {
  const [isBusy, setBusy] = useState(false)
  const confirm = async () => {
    setBusy(true)
    await onConfirm()
    setBusy(false)
    dialog.onClose()
  }
  return (
    <Dialog {...dialog}>
      {children}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={dialog.onClose}>Cancel</Button>
        <Button kind="danger" isBusy={isBusy} onClick={() => void confirm()}>
          {verb}
        </Button>
      </div>
    </Dialog>
  )
}
