import { useQuery } from '@apollo/client/react'
import { Inbox } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import { Badge } from '../../../ui/badge.tsx'
import type { Column } from '../../../ui/table.tsx'
import { actionsColumn, Listing, RowName } from '../parts/listing.tsx'
import { moved, orderAfter } from '../parts/order.ts'
import { useSave } from '../parts/save.ts'
import { useCreateCommand } from '../parts/use-create.ts'
import { SettingsQueuesDocument, SettingsSaveQueueDocument, type SettingsQueueFragment } from './generated/Queues.ts'
import { QueueDeletion } from './queue-deletion.tsx'
import { QueueEditor } from './queue-editor.tsx'

type Shown =
  { kind: 'edit'; queue: SettingsQueueFragment | null } | { kind: 'delete'; queue: SettingsQueueFragment } | null

export function QueuesSection() {
  const mayChange = useMay()('config:write')
  const [shown, setShown] = useState<Shown>(null)
  const { data, error, refetch } = useQuery(SettingsQueuesDocument, { fetchPolicy: 'cache-and-network' })
  const [save] = useSave(SettingsSaveQueueDocument, {
    said: 'The order is changed.',
    refetch: [SettingsQueuesDocument],
  })
  const create = () => setShown({ kind: 'edit', queue: null })
  useCreateCommand('queue', mayChange, create)
  const queues = data?.queues ?? []
  const move = async (queue: SettingsQueueFragment, by: -1 | 1) => {
    const places = queues.map(({ id, priorityOrder }) => ({ id, order: priorityOrder }))
    for (const { id, order } of moved(places, queues.indexOf(queue), by)) {
      const one = queues.find((other) => other.id === id)
      if (one) await save({ input: { ...inputOf(one), priorityOrder: order } })
    }
  }
  return (
    <>
      <Listing
        caption="Queues"
        answer={{ rows: data?.queues, error, refetch }}
        keyOf={({ id }) => id}
        columns={[
          ...columns(mayChange ? (queue) => setShown({ kind: 'edit', queue }) : undefined),
          actionsColumn<SettingsQueueFragment>(
            ({ name }) => name,
            (queue) =>
              mayChange
                ? [
                    { id: 'edit', label: 'Edit', run: () => setShown({ kind: 'edit', queue }) },
                    { id: 'up', label: 'Move up', isDisabled: queue === queues[0], run: () => void move(queue, -1) },
                    {
                      id: 'down',
                      label: 'Move down',
                      isDisabled: queue === queues.at(-1),
                      run: () => void move(queue, 1),
                    },
                    { id: 'line', separator: true },
                    {
                      id: 'delete',
                      label: 'Delete…',
                      isDanger: true,
                      isDisabled: queues.length < 2,
                      run: () => setShown({ kind: 'delete', queue }),
                    },
                  ]
                : [],
          ),
        ]}
        empty={{
          icon: Inbox,
          title: 'No queues yet',
          text: 'Queues are where tickets wait until somebody takes them: one for each kind of work.',
        }}
        create={mayChange ? { label: 'New queue', run: create } : undefined}
      />
      {shown?.kind === 'edit' && (
        <QueueEditor
          queue={shown.queue}
          order={orderAfter(queues.map(({ priorityOrder }) => ({ order: priorityOrder })))}
          onClose={() => setShown(null)}
        />
      )}
      {shown?.kind === 'delete' && (
        <QueueDeletion
          queue={shown.queue}
          others={queues.filter(({ id }) => id !== shown.queue.id)}
          onClose={() => setShown(null)}
        />
      )}
    </>
  )
}

const inputOf = ({ id, name, description, skills, team, priorityOrder }: SettingsQueueFragment) => ({
  id,
  name,
  description: description ?? null,
  skills,
  teamId: team?.id ?? null,
  priorityOrder,
})

const columns = (edit?: (queue: SettingsQueueFragment) => void): Column<SettingsQueueFragment>[] => [
  {
    id: 'name',
    title: 'Name',
    isHeading: true,
    className: 'w-1/2',
    cell: (queue) => (
      <RowName name={queue.name} below={queue.description} onOpen={edit ? () => edit(queue) : undefined} />
    ),
  },
  { id: 'team', title: 'Team', cell: ({ team }) => team?.name ?? <span className="text-ink-faint">Everybody</span> },
  {
    id: 'skills',
    title: 'Skills asked for',
    cell: ({ skills }) => (
      <span className="flex flex-wrap gap-1">
        {skills.map((skill) => (
          <Badge key={skill}>{skill}</Badge>
        ))}
        {skills.length === 0 && <span className="text-ink-faint">None</span>}
      </span>
    ),
  },
  { id: 'open', title: 'Open tickets', isNumber: true, cell: ({ openCount }) => openCount },
]
