import { useQuery } from '@apollo/client/react'
import { Users } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import { words } from '../../../shared/format.ts'
import { Button } from '../../../ui/button.tsx'
import { CheckField, SelectField } from '../../../ui/field.tsx'
import { useSave } from '../parts/save.ts'
import { actionsColumn, Listing } from '../parts/listing.tsx'
import { useCreateCommand } from '../parts/use-create.ts'
import { AgentEditor } from './agent-editor.tsx'
import { agentColumns } from './columns.tsx'
import { Deactivation } from './deactivation.tsx'
import {
  SettingsAgentsDocument,
  SettingsReactivateAgentDocument,
  type AgentRole,
  type SettingsAgentFragment,
} from './generated/Agents.ts'
import { roleNames } from './roles.ts'

type Shown = { kind: 'new' } | { kind: 'edit' | 'deactivate'; agent: SettingsAgentFragment } | null

export function AgentsSection() {
  const may = useMay()
  const [role, setRole] = useState<AgentRole | ''>('')
  const [isFormerShown, setFormerShown] = useState(false)
  const [shown, setShown] = useState<Shown>(null)
  const { data, error, refetch, fetchMore } = useQuery(SettingsAgentsDocument, {
    variables: { filter: { ...(role && { role }), ...(!isFormerShown && { isActive: true }) } },
    fetchPolicy: 'cache-and-network',
  })
  const [reactivate] = useSave(SettingsReactivateAgentDocument, {
    said: 'The agent may log in again.',
    refetch: [SettingsAgentsDocument],
  })
  useCreateCommand('agent', may('agent:manage'), () => setShown({ kind: 'new' }))
  const edit = (agent: SettingsAgentFragment) => setShown({ kind: 'edit', agent })
  const more = async (after: string | null | undefined) => {
    await fetchMore({
      variables: { after: after ?? null },
      updateQuery: (before, { fetchMoreResult }) => ({
        ...fetchMoreResult,
        agents: { ...fetchMoreResult.agents, nodes: [...before.agents.nodes, ...fetchMoreResult.agents.nodes] },
      }),
    })
  }
  const pageInfo = data?.agents.pageInfo

  return (
    <>
      <Listing
        caption="Agents"
        answer={{ rows: data?.agents.nodes, error, refetch }}
        keyOf={({ id }) => id}
        isMuted={({ isActive }) => !isActive}
        columns={[
          ...agentColumns(edit),
          actionsColumn<SettingsAgentFragment>(
            ({ name }) => name,
            (agent) => [
              { id: 'edit', label: 'Edit', run: () => edit(agent) },
              ...(!may('agent:manage')
                ? []
                : agent.isActive
                  ? [
                      { id: 'line', separator: true as const },
                      {
                        id: 'deactivate',
                        label: 'Deactivate…',
                        isDanger: true,
                        run: () => setShown({ kind: 'deactivate', agent }),
                      },
                    ]
                  : [
                      {
                        id: 'reactivate',
                        label: 'Reactivate',
                        run: () => void reactivate({ input: { id: agent.id } }),
                      },
                    ]),
            ],
          ),
        ]}
        empty={{ icon: Users, title: 'Nobody fits', text: 'Agents answer customers. Add the people of your team.' }}
        create={may('agent:manage') ? { label: 'New agent', run: () => setShown({ kind: 'new' }) } : undefined}
        toolbar={
          <div className="flex flex-wrap items-end gap-4">
            <SelectField
              label="Role"
              value={role}
              onChange={(event) => setRole(event.target.value as AgentRole | '')}
              options={[
                { value: '', label: 'All roles' },
                ...roleNames.map((value) => ({ value, label: words(value) })),
              ]}
            />
            <CheckField
              label="Show deactivated"
              checked={isFormerShown}
              onChange={(event) => setFormerShown(event.target.checked)}
            />
          </div>
        }
        after={
          pageInfo?.hasNextPage && (
            <Button className="self-center" onClick={() => void more(pageInfo.endCursor)}>
              Show more
            </Button>
          )
        }
      />
      {shown?.kind === 'deactivate' && <Deactivation agent={shown.agent} onClose={() => setShown(null)} />}
      {(shown?.kind === 'new' || shown?.kind === 'edit') && (
        <AgentEditor agent={shown.kind === 'edit' ? shown.agent : null} onClose={() => setShown(null)} />
      )}
    </>
  )
}
