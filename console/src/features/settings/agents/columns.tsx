import { words } from '../../../shared/format.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import type { Column } from '../../../ui/table.tsx'
import { RowName } from '../parts/listing.tsx'
import type { AgentStatus, SettingsAgentFragment } from './generated/Agents.ts'

const tones: Record<AgentStatus, Tone> = { ONLINE: 'good', BUSY: 'warn', AWAY: 'note', OFFLINE: 'neutral' }

export const agentColumns = (edit: (agent: SettingsAgentFragment) => void): Column<SettingsAgentFragment>[] => [
  {
    id: 'name',
    title: 'Name',
    isHeading: true,
    cell: (agent) => (
      <div className="flex items-center gap-2.5">
        <Avatar name={agent.name} className="size-8" />
        <RowName name={agent.name} below={agent.email} onOpen={() => edit(agent)} />
      </div>
    ),
  },
  { id: 'role', title: 'Role', className: 'whitespace-nowrap', cell: ({ role }) => words(role) },
  { id: 'status', title: 'Status', cell: (agent) => <StatusBadge agent={agent} /> },
  {
    id: 'teams',
    title: 'Teams',
    cell: ({ teams }) => teams.map(({ name }) => name).join(', ') || <span className="text-ink-faint">None</span>,
  },
  {
    id: 'skills',
    title: 'Skills',
    cell: ({ skills }) => (
      <span className="flex flex-wrap gap-1">
        {skills.map((skill) => (
          <Badge key={skill}>{skill}</Badge>
        ))}
      </span>
    ),
  },
  { id: 'load', title: 'Workload', className: 'w-36', cell: (agent) => <Load agent={agent} /> },
]

function StatusBadge({ agent: { isActive, status, acceptsNewTickets } }: { agent: SettingsAgentFragment }) {
  if (!isActive) return <Badge>Deactivated</Badge>
  return (
    <div className="flex flex-col items-start gap-0.5">
      <Badge tone={tones[status]}>{words(status)}</Badge>
      {!acceptsNewTickets && <span className="text-xs whitespace-nowrap text-ink-faint">No new tickets</span>}
    </div>
  )
}

/** How much of their room is taken, in words and as a bar. */
function Load({ agent: { capacity, workload } }: { agent: SettingsAgentFragment }) {
  const taken = Math.max(0, capacity - workload.spare)
  const share = capacity === 0 ? 1 : Math.min(1, taken / capacity)
  return (
    <div className="flex min-w-28 flex-col gap-1" title={`${workload.open} open, ${workload.pending} pending`}>
      <span className="text-xs whitespace-nowrap tabular-nums">
        {taken} of {capacity}
        <span className="text-ink-faint"> · {workload.open} open</span>
      </span>
      <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-raised">
        <span
          className={
            share >= 1 ? 'block h-full bg-bad' : share >= 0.8 ? 'block h-full bg-warn' : 'block h-full bg-accent'
          }
          style={{ width: `${share * 100}%` }}
        />
      </span>
    </div>
  )
}
