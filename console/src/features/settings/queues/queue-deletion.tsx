import { SelectField } from '../../../ui/field.tsx'
import { Editor } from '../parts/editor.tsx'
import { useSave } from '../parts/save.ts'
import { SettingsDeleteQueueDocument, SettingsQueuesDocument, type SettingsQueueFragment } from './generated/Queues.ts'

type QueueDeletionProps = {
  queue: SettingsQueueFragment
  others: readonly SettingsQueueFragment[]
  onClose: () => void
}

/** Removes a queue, and says where its tickets go. */
export function QueueDeletion({ queue, others, onClose }: QueueDeletionProps) {
  const [remove] = useSave(SettingsDeleteQueueDocument, {
    said: `The queue ${queue.name} is deleted.`,
    refetch: [SettingsQueuesDocument],
    isQuiet: true,
  })
  return (
    <Editor
      title={`Delete the queue ${queue.name}?`}
      description="This cannot be undone. Its tickets go where you say."
      initial={{ moveTicketsTo: others[0]?.id ?? '' }}
      save={({ moveTicketsTo }) => remove({ input: { id: queue.id, moveTicketsTo: moveTicketsTo || null } })}
      onClose={onClose}
      verb="Delete"
    >
      {(form) => (
        <SelectField
          label="Its tickets go to"
          hint={`${queue.openCount} of them are open.`}
          options={[...others.map(({ id, name }) => ({ value: id, label: name })), { value: '', label: 'No queue' }]}
          {...form.text('moveTicketsTo')}
        />
      )}
    </Editor>
  )
}
