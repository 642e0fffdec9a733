import { useQuery } from '@apollo/client/react'
import { useId, useState, type KeyboardEvent, type RefObject } from 'react'
import { words } from '../../../shared/format.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { classes } from '../../../ui/classes.ts'
import { TicketMentionableDocument } from './generated/Composer.ts'
import { matchesOf, mentionAt, withMention } from './mention.ts'

type NoteFieldProps = {
  field: RefObject<HTMLTextAreaElement | null>
  note: string
  onNote: (note: string) => void
}

/** A note's text; @ lists colleagues to tell. */
export function NoteField({ field, note, onNote }: NoteFieldProps) {
  const listId = useId()
  const [caret, setCaret] = useState<number | null>(null)
  const [active, setActive] = useState(0)
  const begun = caret === null ? null : mentionAt(note, caret)
  const { data } = useQuery(TicketMentionableDocument, { skip: begun === null })
  const agents = data?.agents?.nodes ?? []
  const matches = begun ? matchesOf(begun.query, agents) : []
  const chosen = matches[Math.min(active, matches.length - 1)]

  const choose = (agent: { id: string; name: string }) => {
    const next = withMention(note, caret ?? note.length, agent)
    onNote(next.text)
    setCaret(null)
    const element = field.current
    requestAnimationFrame(() => {
      element?.focus()
      element?.setSelectionRange(next.caret, next.caret)
    })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (!chosen || event.ctrlKey || event.metaKey) {
      if (event.key === 'Escape') event.currentTarget.blur()
      return
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by !== undefined) setActive((active + by + matches.length) % matches.length)
    else if (event.key === 'Enter' || event.key === 'Tab') choose(chosen)
    else if (event.key === 'Escape') setCaret(null)
    else return
    event.preventDefault()
  }
  return (
    <div className="relative">
      {matches.length > 0 && (
        <ul
          id={listId}
          role="listbox"
          aria-label="Colleagues"
          className="absolute bottom-full left-3 z-20 mb-1 w-64 rounded-md border border-line bg-surface p-1 shadow-lg"
        >
          {matches.map((agent) => (
            <li
              key={agent.id}
              id={`${listId}-${agent.id}`}
              role="option"
              aria-selected={agent === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(agent)}
              className={classes(
                'flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 text-sm',
                agent === chosen && 'bg-raised',
              )}
            >
              <Avatar name={agent.name} className="size-5" />
              <span className="flex-1 truncate">{agent.name}</span>
              <span className="text-xs text-ink-faint">{words(agent.role)}</span>
            </li>
          ))}
        </ul>
      )}
      <textarea
        ref={field}
        aria-label="Note"
        aria-autocomplete="list"
        aria-controls={matches.length > 0 ? listId : undefined}
        aria-activedescendant={chosen ? `${listId}-${chosen.id}` : undefined}
        value={note}
        placeholder="For the team only. @ tells a colleague."
        onChange={(event) => {
          onNote(event.target.value)
          setCaret(event.target.selectionStart)
          setActive(0)
        }}
        onBlur={() => setCaret(null)}
        onKeyDown={onKeyDown}
        className="block field-sizing-content max-h-[38vh] min-h-28 w-full resize-none bg-transparent px-3 py-2 leading-relaxed outline-none placeholder:text-note"
      />
    </div>
  )
}
