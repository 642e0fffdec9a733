import { StickyNote } from 'lucide-react'
import type { TicketNoteFragment } from '../generated/Ticket.ts'
import { At } from './at.tsx'
import { mentionPartsOf } from './mentions.ts'

const nameOf = (author: TicketNoteFragment['author']) => author.name

/** What agents told each other; the customer never sees it. */
export function NoteItem({ note }: { note: TicketNoteFragment }) {
  return (
    <article
      aria-label={`Note from ${nameOf(note.author)}`}
      className="mx-auto w-[88%] max-w-[46rem] rounded-lg border border-dashed border-note/60 bg-note-soft px-3.5 py-2"
    >
      <p className="mb-0.5 flex flex-wrap items-center gap-x-2 text-xs text-note">
        <StickyNote aria-hidden className="size-3.5" />
        <span className="font-semibold">{nameOf(note.author)}</span>
        <span>Note, only for the team</span>
        <At at={note.createdAt} />
      </p>
      <p className="break-words whitespace-pre-wrap">
        {mentionPartsOf(
          note.content,
          note.mentions.map(({ name }) => name),
        ).map(({ text, isMention }, index) =>
          isMention ? (
            <strong key={index} className="font-semibold text-accent">
              {text}
            </strong>
          ) : (
            text
          ),
        )}
      </p>
    </article>
  )
}
