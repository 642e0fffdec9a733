import { useQuery } from '@apollo/client/react'
import { Command } from 'cmdk'
import { CircleUser, Sparkles, UserX, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { useViewer } from '../../session/viewer.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Missing, Skeleton } from '../../ui/state.tsx'
import { TicketSideTransferDocument } from './generated/Changes.ts'
import { TicketSidePeopleDocument, type TicketSidePeopleQuery } from './generated/Places.ts'
import { StatusDot } from './status-dot.tsx'
import type { Tooling } from './toolbar-buttons.tsx'
import { useTicketChange } from './use-changes.ts'

type Person = TicketSidePeopleQuery['agents']['nodes'][number]

/** Who is to have the ticket: typed, or chosen with the arrows. */
export function AssignPanel({ ticket, acts, may, panels }: Tooling) {
  const { agent: me } = useViewer()
  const { data, error, loading } = useQuery(TicketSidePeopleDocument, { fetchPolicy: 'cache-and-network' })
  const [change] = useTicketChange(ticket)
  const people = (data?.agents.nodes ?? []).filter(({ id }) => id !== me?.id).toSorted(byRoom)
  const holder = ticket.assignee?.id ?? null
  const choose = (run: () => unknown) => () => {
    panels.show(null)
    run()
  }
  const toTeam = (team: { id: string; name: string }) =>
    change(
      TicketSideTransferDocument,
      { id: ticket.id, toTeamId: team.id },
      { refused: `The ticket was not handed to ${team.name}` },
    )
  return (
    <Command label="Assign to" loop className="flex flex-col">
      <Command.Input
        autoFocus
        placeholder="Agent or team"
        className="min-h-9 border-b border-line bg-transparent px-3 text-sm text-ink placeholder:text-ink-faint focus-visible:outline-none"
      />
      <Command.List className="max-h-80 overflow-y-auto p-1">
        {me && may.take && (
          <Choice
            value={`me ${me.name}`}
            icon={<CircleUser aria-hidden className="size-5" />}
            run={choose(() => acts.assign(me))}
          >
            Me
          </Choice>
        )}
        {may.release && (
          <Choice value="nobody" icon={<UserX aria-hidden className="size-5" />} run={choose(() => acts.assign(null))}>
            Nobody
          </Choice>
        )}
        {may.assign && ticket.status !== 'CLOSED' && (
          <Choice
            value="automatic best fit"
            icon={<Sparkles aria-hidden className="size-5" />}
            run={choose(acts.autoAssign)}
            note="best fit"
          >
            Automatic
          </Choice>
        )}
        {may.change && ticket.status !== 'CLOSED' && (
          <Choice
            value="hand on transfer"
            icon={<Users aria-hidden className="size-5" />}
            run={() => panels.show('transfer')}
            note="with a note, or to return"
          >
            Hand on …
          </Choice>
        )}
        {may.assign && people.length > 0 && (
          <Command.Group heading="Agents" className={group}>
            {people.map((person) => (
              <Choice
                key={person.id}
                value={`${person.name} ${person.id}`}
                icon={<Avatar name={person.name} className="size-5" />}
                run={choose(() => acts.assign(person))}
                note={person.id === holder ? 'has it' : loadOf(person)}
              >
                {person.name} <StatusDot status={person.status} />
              </Choice>
            ))}
          </Command.Group>
        )}
        {may.change && ticket.status !== 'CLOSED' && (data?.teams ?? []).length > 0 && (
          <Command.Group heading="Teams" className={group}>
            {data?.teams.map((team) => (
              <Choice
                key={team.id}
                value={`${team.name} ${team.id}`}
                icon={<Users aria-hidden className="size-5" />}
                run={choose(() => toTeam(team))}
                note={team.id === ticket.team?.id ? 'has it' : `${team.members.length} members`}
              >
                {team.name}
              </Choice>
            ))}
          </Command.Group>
        )}
      </Command.List>
      {data && <Command.Empty className="p-3 text-sm text-ink-soft">Nobody is called that.</Command.Empty>}
      {loading && !data && <Skeleton className="m-2 h-16" label="Loading the agents" />}
      {error && !data && <Missing what="The list of agents" />}
    </Command>
  )
}

const group =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-faint'

type ChoiceProps = { value: string; icon: ReactNode; run: () => unknown; note?: string; children: ReactNode }

function Choice({ value, icon, run, note, children }: ChoiceProps) {
  return (
    <Command.Item
      value={value}
      onSelect={() => void run()}
      className="flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 text-sm data-[selected=true]:bg-raised"
    >
      <span className="text-ink-soft">{icon}</span>
      <span className="flex min-w-0 flex-1 items-center gap-1.5 truncate">{children}</span>
      {note && <span className="text-xs text-ink-faint tabular-nums">{note}</span>}
    </Command.Item>
  )
}

const presence = { ONLINE: 0, BUSY: 1, AWAY: 2, OFFLINE: 3 }

/** Those who are there first, and of these whoever has most room. */
const byRoom = (a: Person, b: Person) =>
  presence[a.status] - presence[b.status] || b.workload.spare - a.workload.spare || a.name.localeCompare(b.name)

function loadOf({ workload, capacity, acceptsNewTickets }: Person): string {
  const held = `${workload.open + workload.pending} of ${capacity}`
  return acceptsNewTickets ? held : `${held}, takes none`
}
