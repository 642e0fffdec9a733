import { useNavigate } from '@tanstack/react-router'
import { toast } from '../../shared/toast.ts'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { TicketSideDeleteDocument } from './generated/Changes.ts'
import type { DialogOf } from './toolbar-dialog.tsx'
import { useTicketChange } from './use-changes.ts'

export function DeleteDialog({ ticket, onClose }: DialogOf) {
  const [change] = useTicketChange(ticket)
  const navigate = useNavigate()
  const remove = async () => {
    const told = { refused: `#${ticket.number} was not deleted` }
    const { isGood } = await change(TicketSideDeleteDocument, { id: ticket.id }, told)
    if (!isGood) return
    toast.message(`#${ticket.number} was deleted`)
    await navigate({ to: '/inbox', search: (kept) => kept })
  }
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Delete #${ticket.number}?`}
      description="The ticket, its messages and its notes are gone for everybody, and cannot be brought back."
      verb="Delete"
      onConfirm={remove}
    >
      <p className="text-sm">{ticket.subject}</p>
    </ConfirmDialog>
  )
}
