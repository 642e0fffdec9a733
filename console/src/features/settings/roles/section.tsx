import { Check, Minus } from 'lucide-react'
import { useViewer } from '../../../session/viewer.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Table, type Column } from '../../../ui/table.tsx'
import { abilities, roleWords, type Ability, type RoleName } from './abilities.ts'

const roles = Object.keys(roleWords) as RoleName[]

/** What each role may do. Roles are fixed; an agent's role is chosen with the agent. */
export function RolesSection() {
  const own = useViewer().agent?.role
  const columns: Column<Ability>[] = [
    {
      id: 'what',
      title: 'May',
      isHeading: true,
      className: 'min-w-48',
      cell: ({ title, about }) => (
        <>
          {title}
          <span className="block text-xs font-normal text-ink-faint">{about}</span>
        </>
      ),
    },
    ...roles.map((role): Column<Ability> => ({
      id: role,
      title: (
        <>
          {roleWords[role]} {role === own && <Badge tone="accent">You</Badge>}
        </>
      ),
      className: 'w-24',
      cell: ({ from }) => <Mark isHeld={roles.indexOf(role) >= roles.indexOf(from)} />,
    })),
  ]
  return <Table caption="What each role may do" columns={columns} rows={abilities} keyOf={({ title }) => title} />
}

function Mark({ isHeld }: { isHeld: boolean }) {
  return isHeld ? (
    <>
      <Check aria-hidden className="size-4 text-good" />
      <span className="sr-only">Yes</span>
    </>
  ) : (
    <>
      <Minus aria-hidden className="size-4 text-ink-faint" />
      <span className="sr-only">No</span>
    </>
  )
}
