import { SelectField } from '../../../ui/field.tsx'
import { Editor } from '../parts/editor.tsx'
import { useSave } from '../parts/save.ts'
import { SettingsApiKeysDocument, SettingsRotateApiKeyDocument, type SettingsApiKeyFragment } from './generated/Keys.ts'

const graces = [
  { value: '0', label: 'Not at all' },
  { value: '1', label: 'One hour' },
  { value: '24', label: 'One day' },
  { value: '168', label: 'One week' },
]

type KeyRotationProps = {
  apiKey: SettingsApiKeyFragment
  onClose: () => void
  onTold: (key: string | null | undefined) => void
}

/** Another key in the place of one, which goes on for a while so that nothing breaks. */
export function KeyRotation({ apiKey, onClose, onTold }: KeyRotationProps) {
  const [rotate] = useSave(SettingsRotateApiKeyDocument, {
    said: 'The key is replaced.',
    refetch: [SettingsApiKeysDocument],
    isQuiet: true,
  })
  return (
    <Editor
      title={`Rotate ${apiKey.name}`}
      description="You get a new key with the same name, scopes and limits. The old one goes on for a while, so that your partner can change over."
      initial={{ graceHours: '24' }}
      save={({ graceHours }) => rotate({ input: { id: apiKey.id, graceHours: Number(graceHours) } })}
      onSaved={({ payload }) => onTold(payload?.key)}
      onClose={onClose}
      verb="Rotate"
    >
      {(form) => <SelectField label="The old key goes on for" options={graces} {...form.text('graceHours')} />}
    </Editor>
  )
}
