import { useQuery } from '@apollo/client/react'
import { UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { TextField } from '../../../ui/field.tsx'
import { CheckList } from '../parts/check-list.tsx'
import { useAgentChoices } from '../parts/choices.ts'
import { ConfirmRemoval } from '../parts/confirm.tsx'
import { Editor } from '../parts/editor.tsx'
import { refused } from '../parts/form.ts'
import { actionsColumn, Listing, RowName } from '../parts/listing.tsx'
import { useSave } from '../parts/save.ts'
import { useCreateCommand } from '../parts/use-create.ts'
import {
  SettingsDeleteTeamDocument,
  SettingsSaveTeamDocument,
  SettingsTeamsDocument,
  type SettingsTeamFragment,
} from './generated/Teams.ts'

type Shown = { kind: 'edit'; team: SettingsTeamFragment | null } | { kind: 'delete'; team: SettingsTeamFragment } | null

export function TeamsSection() {
  const may = useMay()
  const mayChange = may('agent:manage')
  const [shown, setShown] = useState<Shown>(null)
  const { data, error, refetch } = useQuery(SettingsTeamsDocument, { fetchPolicy: 'cache-and-network' })
  const [remove] = useSave(SettingsDeleteTeamDocument, {
    said: 'The team is deleted.',
    refetch: [SettingsTeamsDocument],
  })
  const create = () => setShown({ kind: 'edit', team: null })
  useCreateCommand('team', mayChange, create)
  return (
    <>
      <Listing
        caption="Teams"
        answer={{ rows: data?.teams, error, refetch }}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: 'Name',
            isHeading: true,
            cell: (team) => (
              <RowName name={team.name} onOpen={mayChange ? () => setShown({ kind: 'edit', team }) : undefined} />
            ),
          },
          {
            id: 'members',
            title: 'Members',
            className: 'w-full',
            cell: ({ members }) => <Members members={members} />,
          },
          { id: 'count', title: 'Count', isNumber: true, cell: ({ members }) => members.length },
          actionsColumn<SettingsTeamFragment>(
            ({ name }) => name,
            (team) =>
              mayChange
                ? [
                    { id: 'edit', label: 'Edit', run: () => setShown({ kind: 'edit', team }) },
                    { id: 'line', separator: true },
                    { id: 'delete', label: 'Delete…', isDanger: true, run: () => setShown({ kind: 'delete', team }) },
                  ]
                : [],
          ),
        ]}
        empty={{
          icon: UsersRound,
          title: 'No teams yet',
          text: 'Teams share queues and escalations. Make one for each group that works together.',
        }}
        create={mayChange ? { label: 'New team', run: create } : undefined}
      />
      {shown?.kind === 'edit' && <TeamEditor team={shown.team} onClose={() => setShown(null)} />}
      {shown?.kind === 'delete' && (
        <ConfirmRemoval
          what={`the team ${shown.team.name}`}
          onClose={() => setShown(null)}
          onConfirm={() => remove({ input: { id: shown.team.id } })}
        >
          Its tickets then belong to no team; its members stay. A queue that belongs to it must be given to another
          first.
        </ConfirmRemoval>
      )}
    </>
  )
}

const mostShown = 8

function Members({ members }: { members: SettingsTeamFragment['members'] }) {
  if (members.length === 0) return <span className="text-ink-faint">Nobody yet</span>
  return (
    <span className="flex items-center gap-2">
      <span className="flex -space-x-1">
        {members.slice(0, mostShown).map(({ id, name }) => (
          <Avatar key={id} name={name} className="ring-2 ring-surface" />
        ))}
      </span>
      <span>
        {members
          .slice(0, 3)
          .map(({ name }) => name)
          .join(', ')}
        {members.length > 3 && ` and ${members.length - 3} more`}
      </span>
    </span>
  )
}

function TeamEditor({ team, onClose }: { team: SettingsTeamFragment | null; onClose: () => void }) {
  const active = useAgentChoices()
  const [save] = useSave(SettingsSaveTeamDocument, {
    said: 'The team is saved.',
    refetch: [SettingsTeamsDocument],
    isQuiet: true,
  })
  // Members who were deactivated are not offered, but stay unless taken out.
  const former = (team?.members ?? [])
    .filter(({ isActive }) => !isActive)
    .map(({ id, name }) => ({ value: id, label: name, hint: 'Deactivated' }))
  return (
    <Editor
      title={team ? `Edit ${team.name}` : 'New team'}
      initial={{ name: team?.name ?? '', memberIds: team?.members.map(({ id }) => id) ?? [] }}
      check={({ name }) => (name.trim() === '' ? [refused('name', 'A name is needed.')] : [])}
      save={(values) => save({ input: { id: team?.id ?? null, ...values } })}
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField label="Name" autoComplete="off" {...form.text('name')} />
          <CheckList
            label="Members"
            choices={[...active, ...former]}
            chosen={form.values.memberIds}
            onChange={(memberIds) => form.set('memberIds', memberIds)}
            error={form.errorOf('memberIds')}
          />
        </>
      )}
    </Editor>
  )
}
