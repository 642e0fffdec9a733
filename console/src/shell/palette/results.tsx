import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import type { Command as OwnCommand } from '../../commands/registry.ts'
import { useCommands } from '../../commands/use-command.ts'
import { failuresOf, sentence } from '../../graph/errors.ts'
import { useViewer } from '../../session/viewer.tsx'
import { useFound, type Found } from './found.ts'
import { CommandItem, CustomerItem, Group, TicketItem, type ShownTicket } from './items.tsx'
import { ranked } from './rank.ts'
import { useRecent, type Recent } from './recent.ts'

export type Chosen = () => void
type Choose = { command: (one: OwnCommand) => void; ticket: (one: ShownTicket) => void; customer: (one: Named) => void }
type Named = { id: string; name: string }

export function PaletteResults({ typed, onChoose }: { typed: string; onChoose: (run: Chosen) => void }) {
  const { agent } = useViewer()
  const commands = useCommands().filter(({ id }) => id !== 'palette')
  const navigate = useNavigate()
  const [recent, remember] = useRecent(agent?.id ?? '')
  const found = useFound(typed)
  const sections = ranked(commands, typed)
  const choose: Choose = {
    command: (one) => {
      remember({ kind: 'command', id: one.id })
      onChoose(one.run)
    },
    ticket: (one) => {
      remember({ kind: 'ticket', id: one.id, number: one.number, title: one.subject })
      onChoose(() => void navigate({ to: '/inbox/$number', params: { number: String(one.number) } }))
    },
    customer: ({ id, name }) => {
      remember({ kind: 'customer', id, title: name })
      onChoose(() => void navigate({ to: '/customers/$customerId', params: { customerId: id } }))
    },
  }
  const isNothing = sections.length === 0 && found.tickets.length === 0 && found.customers.length === 0
  return (
    <>
      <Command.List label="Results" className="max-h-[min(60vh,32rem)] overflow-y-auto pb-1">
        {typed.trim() === '' && <RecentGroup recent={recent} commands={commands} choose={choose} />}
        <FoundGroups found={found} choose={choose} />
        {sections.map(({ name, commands }) => (
          <Group key={name} name={name}>
            {commands.map((command) => (
              <CommandItem key={command.id} command={command} onSelect={() => choose.command(command)} />
            ))}
          </Group>
        ))}
      </Command.List>
      {isNothing && <Nothing typed={typed} found={found} />}
    </>
  )
}

function FoundGroups({ found, choose }: { found: Found; choose: Choose }) {
  return (
    <>
      {found.tickets.length > 0 && (
        <Group name="Tickets">
          {found.tickets.map((ticket) => (
            <TicketItem key={ticket.id} ticket={ticket} onSelect={() => choose.ticket(ticket)} />
          ))}
        </Group>
      )}
      {found.customers.length > 0 && (
        <Group name="Customers">
          {found.customers.map((customer) => (
            <CustomerItem key={customer.id} customer={customer} onSelect={() => choose.customer(customer)} />
          ))}
        </Group>
      )}
    </>
  )
}

function Nothing({ typed, found }: { typed: string; found: Found }) {
  const text = found.isAsking
    ? 'Looking…'
    : found.error
      ? `${failuresOf(found.error).map(sentence).join(' ')} Commands can be found all the same.`
      : `Nothing is called “${typed.trim()}”. Try a ticket’s number, or a customer’s name or e-mail.`
  return (
    <p role="status" className="px-4 py-8 text-center text-sm text-ink-soft">
      {text}
    </p>
  )
}

type RecentProps = { recent: readonly Recent[]; commands: readonly OwnCommand[]; choose: Choose }

/** What was chosen last; a command only while it can be done here. */
function RecentGroup({ recent, commands, choose }: RecentProps) {
  const items = recent.flatMap((one) => {
    if (one.kind === 'ticket') {
      const ticket = { id: one.id, number: one.number, subject: one.title }
      return [<TicketItem key={one.id} prefix="recent:" ticket={ticket} onSelect={() => choose.ticket(ticket)} />]
    }
    if (one.kind === 'customer') {
      const customer = { id: one.id, name: one.title }
      return [
        <CustomerItem key={one.id} prefix="recent:" customer={customer} onSelect={() => choose.customer(customer)} />,
      ]
    }
    const command = commands.findLast(({ id }) => id === one.id)
    return command
      ? [<CommandItem key={one.id} prefix="recent:" command={command} onSelect={() => choose.command(command)} />]
      : []
  })
  return items.length > 0 && <Group name="Recent">{items}</Group>
}
