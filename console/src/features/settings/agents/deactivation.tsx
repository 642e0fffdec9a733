import { SelectField } from '../../../ui/field.tsx'
import { useAgentChoices } from '../parts/choices.ts'
import { Editor } from '../parts/editor.tsx'
import { useSave } from '../parts/save.ts'
import {
  SettingsAgentsDocument,
  SettingsDeactivateAgentDocument,
  type SettingsAgentFragment,
} from './generated/Agents.ts'

/** Ends an agent's access, and says who gets their tickets. */
export function Deactivation({ agent, onClose }: { agent: SettingsAgentFragment; onClose: () => void }) {
  const { id, name, workload } = agent
  const [deactivate] = useSave(SettingsDeactivateAgentDocument, {
    said: `${name} is deactivated.`,
    refetch: [SettingsAgentsDocument],
    isQuiet: true,
  })
  const colleagues = useAgentChoices().filter(({ value }) => value !== id)
  const waiting = workload.open + workload.pending
  return (
    <Editor
      title={`Deactivate ${name}?`}
      description={`${name} is signed out at once and cannot log in until reactivated. What they did stays.`}
      initial={{ reassignTo: '' }}
      save={({ reassignTo }) => deactivate({ input: { id, reassignTo: reassignTo || null } })}
      onClose={onClose}
      verb="Deactivate"
    >
      {(form) => (
        <SelectField
          label={waiting === 1 ? 'Their 1 ticket goes to' : `Their ${waiting} tickets go to`}
          hint="Tickets that are not closed yet."
          options={[{ value: '', label: 'Back to their queues' }, ...colleagues]}
          {...form.text('reassignTo')}
        />
      )}
    </Editor>
  )
}
