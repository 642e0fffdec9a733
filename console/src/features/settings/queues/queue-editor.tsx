import { SelectField, TextArea, TextField } from '../../../ui/field.tsx'
import { useTeamChoices } from '../parts/choices.ts'
import { Editor } from '../parts/editor.tsx'
import { labelsOf, refused } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import { SettingsQueuesDocument, SettingsSaveQueueDocument, type SettingsQueueFragment } from './generated/Queues.ts'

type QueueEditorProps = {
  queue: SettingsQueueFragment | null
  /** Where a new one stands. */
  order: number
  onClose: () => void
}

export function QueueEditor({ queue, order, onClose }: QueueEditorProps) {
  const teams = useTeamChoices()
  const [save] = useSave(SettingsSaveQueueDocument, {
    said: 'The queue is saved.',
    refetch: [SettingsQueuesDocument],
    isQuiet: true,
  })
  return (
    <Editor
      title={queue ? `Edit ${queue.name}` : 'New queue'}
      initial={{
        name: queue?.name ?? '',
        description: queue?.description ?? '',
        teamId: queue?.team?.id ?? '',
        skills: queue?.skills.join(', ') ?? '',
      }}
      check={({ name }) => (name.trim() === '' ? [refused('name', 'A name is needed.')] : [])}
      save={({ name, description, teamId, skills }) =>
        save({
          input: {
            id: queue?.id ?? null,
            name,
            description: description.trim() || null,
            teamId: teamId || null,
            skills: labelsOf(skills),
            priorityOrder: queue?.priorityOrder ?? order,
          },
        })
      }
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField label="Name" autoComplete="off" {...form.text('name')} />
          <TextArea label="Description" rows={2} hint="What belongs here." {...form.text('description')} />
          <SelectField
            label="Team"
            hint="Whose agents are given its tickets."
            options={[{ value: '', label: 'Everybody' }, ...teams]}
            {...form.text('teamId')}
          />
          <TextField
            label="Skills asked for"
            placeholder="refund, payment"
            hint="Separated by commas. Agents who have them come first."
            {...form.text('skills')}
          />
        </>
      )}
    </Editor>
  )
}
