import { DeleteDialog } from './delete-dialog.tsx'
import { EditDialog } from './edit-dialog.tsx'
import { EscalateDialog } from './escalate-dialog.tsx'
import { FollowUpDialog } from './follow-up-dialog.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import type { Panel } from './panels.ts'
import { SplitDialog } from './split-dialog.tsx'
import { TransferDialog } from './transfer-dialog.tsx'
import type { TicketNow } from './use-ticket.ts'

export type DialogOf = { ticket: TicketNow; onClose: () => void }

const dialogs = {
  transfer: TransferDialog,
  escalate: EscalateDialog,
  followUp: FollowUpDialog,
  merge: MergeDialog,
  split: SplitDialog,
  edit: EditDialog,
  delete: DeleteDialog,
}

/** What wants an answer before it is done. */
export function ToolbarDialog({ panel, ...rest }: DialogOf & { panel: Exclude<Panel, 'assign' | 'snooze' | 'tags'> }) {
  const Shown = dialogs[panel]
  return <Shown {...rest} />
}
