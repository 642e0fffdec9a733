import type { Dispatch, ReactNode, RefObject } from 'react'
import { useCommand } from '../../../commands/use-command.ts'
import { Button } from '../../../ui/button.tsx'
import { Tip } from '../../../ui/tip.tsx'
import { NoteField } from './note-field.tsx'
import type { ComposerEvent } from './state.ts'
import { useNote } from './use-note.ts'

type NotePaneProps = {
  ticketId: string
  note: string
  field: RefObject<HTMLTextAreaElement | null>
  head: ReactNode
  dispatch: Dispatch<ComposerEvent>
}

/** A note for the team: it reaches no customer. */
export function NotePane({ ticketId, note, field, head, dispatch }: NotePaneProps) {
  const { write, isBusy } = useNote(ticketId)
  const isEmpty = note.trim() === ''
  const add = async () => {
    if (isEmpty) return
    // Gone from here as soon as it stands in the thread, back where it was refused.
    dispatch({ type: 'noteTyped', note: '' })
    if (!(await write(note))) dispatch({ type: 'noteTyped', note })
  }
  useCommand({
    id: 'ticket.send',
    title: 'Add the note',
    section: 'Ticket',
    shortcut: 'mod+enter',
    run: () => void add(),
  })
  return (
    <>
      <div className="flex items-center gap-2 px-2 pt-1.5">
        {head}
        <p className="text-xs text-note">The customer does not see this.</p>
      </div>
      <NoteField field={field} note={note} onNote={(text) => dispatch({ type: 'noteTyped', note: text })} />
      <div className="flex justify-end px-2 pb-2">
        <Tip text="Add the note" shortcut="mod+enter">
          <Button kind="primary" isBusy={isBusy} disabled={isEmpty} onClick={() => void add()}>
            Add note
          </Button>
        </Tip>
      </div>
    </>
  )
}
