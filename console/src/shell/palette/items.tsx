import { Command } from 'cmdk'
import { Inbox, User } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Command as OwnCommand } from '../../commands/registry.ts'
import { words } from '../../shared/format.ts'
import { Keys } from '../../ui/keys.tsx'
import type { FoundCustomer } from './found.ts'

export function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={name}
      className="px-1.5 pb-1 **:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-ink-faint"
    >
      {children}
    </Command.Group>
  )
}

function Item({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-2 rounded-md px-2 text-sm data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent"
    >
      {children}
    </Command.Item>
  )
}

export function CommandItem({
  command,
  prefix = '',
  onSelect,
}: {
  command: OwnCommand
  prefix?: string
  onSelect: () => void
}) {
  return (
    <Item value={`${prefix}command:${command.id}`} onSelect={onSelect}>
      <span className="min-w-0 flex-1 truncate">{command.title}</span>
      {command.shortcut && <Keys of={command.shortcut} />}
    </Item>
  )
}

export type ShownTicket = { id: string; number: number; subject: string; status?: string; customer?: { name: string } }

export function TicketItem({
  ticket,
  prefix = '',
  onSelect,
}: {
  ticket: ShownTicket
  prefix?: string
  onSelect: () => void
}) {
  return (
    <Item value={`${prefix}ticket:${ticket.id}`} onSelect={onSelect}>
      <Inbox aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="shrink-0 text-ink-soft tabular-nums">#{ticket.number}</span>
      <span className="min-w-0 flex-1 truncate">{ticket.subject}</span>
      {ticket.customer && <span className="max-w-40 truncate text-xs text-ink-soft">{ticket.customer.name}</span>}
      {ticket.status && <span className="text-xs text-ink-faint">{words(ticket.status)}</span>}
    </Item>
  )
}

type ShownCustomer = Pick<FoundCustomer, 'id' | 'name'> & { email?: string | null }

export function CustomerItem({
  customer,
  prefix = '',
  onSelect,
}: {
  customer: ShownCustomer
  prefix?: string
  onSelect: () => void
}) {
  return (
    <Item value={`${prefix}customer:${customer.id}`} onSelect={onSelect}>
      <User aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1 truncate">{customer.name}</span>
      {customer.email && <span className="max-w-56 truncate text-xs text-ink-soft">{customer.email}</span>}
    </Item>
  )
}
