import { useBlocker } from '@tanstack/react-router'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'

/** Asks before an address or a tab is left with changes that are not saved. */
export function LeaveGuard({ isDirty }: { isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  })
  return (
    <DiscardDialog
      isOpen={blocker.status === 'blocked'}
      onKeep={() => blocker.reset?.()}
      onDiscard={() => blocker.proceed?.()}
    />
  )
}

type DiscardProps = { isOpen: boolean; onKeep: () => void; onDiscard: () => void }

export function DiscardDialog({ isOpen, onKeep, onDiscard }: DiscardProps) {
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onKeep}
      title="Discard the changes?"
      description="What you changed here is not saved yet."
    >
      <div className="flex justify-end gap-2">
        <Button onClick={onKeep}>Keep editing</Button>
        <Button kind="danger" onClick={onDiscard}>
          Discard
        </Button>
      </div>
    </Dialog>
  )
}
