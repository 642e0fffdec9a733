import { useQuery } from '@apollo/client/react'
import { Command } from 'cmdk'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useViewer } from '../../session/viewer.tsx'
import { formatPercent } from '../../shared/format.ts'
import { TicketSideTagsDocument } from './generated/Find.ts'
import { TicketSideTriageDocument } from './generated/Triage.ts'
import { TagChip } from './ticket-facts.tsx'
import type { TicketActs } from './ticket-acts.ts'
import type { TicketNow } from './use-ticket.ts'

/** A ticket's tags, and what could be one: what was read in the conversation, and what other open tickets have. */
export function TagsPanel({ ticket, acts }: { ticket: TicketNow; acts: TicketActs }) {
  const { agent } = useViewer()
  const [typed, setTyped] = useState('')
  const suggestions = useSuggestions(ticket)
  const name = typed.trim()
  const isNew = name !== '' && ![...ticket.tags, ...suggestions].some((tag) => tag.name === name)
  const add = (tag: string) => {
    setTyped('')
    void acts.tag(tag, { id: agent?.id ?? '', name: agent?.name ?? '' })
  }
  return (
    <div className="flex flex-col">
      {ticket.tags.length > 0 && (
        <ul aria-label="Tags" className="flex flex-wrap gap-1 border-b border-line p-2">
          {ticket.tags.map((tag) => (
            <TagChip key={tag.name} tag={tag} onRemove={() => void acts.untag(tag.name)} />
          ))}
        </ul>
      )}
      <Command label="Add a tag" loop>
        <Command.Input
          autoFocus
          value={typed}
          onValueChange={setTyped}
          maxLength={100}
          placeholder="Add a tag"
          className="min-h-9 w-full border-b border-line bg-transparent px-3 text-sm text-ink placeholder:text-ink-faint focus-visible:outline-none"
        />
        <Command.List className="max-h-64 overflow-y-auto p-1">
          {suggestions.map((tag) => (
            <Command.Item key={tag.name} value={tag.name} onSelect={() => add(tag.name)} className={choice}>
              <span className="flex-1 truncate">{tag.name}</span>
              <span className="text-xs text-ink-faint">{tag.why}</span>
            </Command.Item>
          ))}
          {isNew && (
            <Command.Item value={`add ${name}`} keywords={[name]} onSelect={() => add(name)} className={choice}>
              <Plus aria-hidden className="size-4 text-ink-soft" />
              Add “{name}”
            </Command.Item>
          )}
        </Command.List>
        <Command.Empty className="p-3 text-sm text-ink-soft">Type a tag.</Command.Empty>
      </Command>
    </div>
  )
}

const choice = 'flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 text-sm data-[selected=true]:bg-raised'

function useSuggestions({ id, tags }: TicketNow): { name: string; why: string }[] {
  const { data: read } = useQuery(TicketSideTriageDocument, { variables: { id } })
  const { data: others } = useQuery(TicketSideTagsDocument)
  const triage = read?.ticket?.triage
  const readOut = [...(triage?.tags ?? []), ...(triage?.category ? [triage.category] : [])]
  const counts = new Map<string, number>()
  for (const node of others?.inbox.nodes ?? [])
    if (node.id !== id) for (const tag of node.tags) counts.set(tag.name, (counts.get(tag.name) ?? 0) + 1)
  const found = [
    ...readOut.map(({ label, confidence }) => ({ name: label, why: `read in it, ${formatPercent(confidence)} sure` })),
    ...[...counts].toSorted((a, b) => b[1] - a[1]).map(([name, count]) => ({ name, why: `on ${count} others` })),
  ]
  const has = new Set(tags.map((tag) => tag.name))
  return found.filter(({ name }) => !has.has(name) && has.add(name)).slice(0, 20)
}
