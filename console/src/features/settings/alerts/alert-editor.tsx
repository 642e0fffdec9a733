import { useMay } from '../../../session/viewer.tsx'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { Editor } from '../parts/editor.tsx'
import { labelsOf, refused } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import {
  SettingsSaveTopicAlertDocument,
  SettingsTopicAlertsDocument,
  type SettingsTopicAlertFragment,
  type TopicAlertScope,
} from './generated/TopicAlerts.ts'

export const scopeWords: Record<TopicAlertScope, string> = {
  MINE: 'Your inbox',
  TEAM: 'Your teams’ inboxes',
  TENANT: 'Everybody’s inbox',
}

const lengths = [
  { value: '4', label: 'In 4 hours' },
  { value: '24', label: 'In a day' },
  { value: '72', label: 'In 3 days' },
  { value: '168', label: 'In a week' },
  { value: '719', label: 'In 30 days' },
]
const hourMs = 3_600_000

type AlertEditorProps = { alert: SettingsTopicAlertFragment | null; onClose: () => void }

export function AlertEditor({ alert, onClose }: AlertEditorProps) {
  const mayForOthers = useMay()('ticket:assign')
  const [save] = useSave(SettingsSaveTopicAlertDocument, {
    said: 'The alert is set.',
    refetch: [SettingsTopicAlertsDocument],
    isQuiet: true,
  })
  const scopes: TopicAlertScope[] = mayForOthers ? ['MINE', 'TEAM', 'TENANT'] : ['MINE']
  return (
    <Editor
      title={alert ? 'Edit the topic alert' : 'New topic alert'}
      initial={{
        keywords: alert?.keywords.join(', ') ?? '',
        scope: alert?.scope ?? ('MINE' as const),
        expiresAt: '24',
      }}
      check={({ keywords }) => wrongIn(labelsOf(keywords))}
      save={({ keywords, scope, expiresAt }) =>
        save({
          input: {
            id: alert?.id ?? null,
            keywords: labelsOf(keywords),
            scope,
            expiresAt: new Date(Date.now() + Number(expiresAt) * hourMs).toISOString(),
          },
        })
      }
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField
            label="Words"
            autoComplete="off"
            placeholder="broken mug, chipped"
            hint="Separated by commas. A ticket with any of them rises."
            {...form.text('keywords')}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField
              label="Changes"
              options={scopes.map((value) => ({ value, label: scopeWords[value] }))}
              {...form.text('scope')}
            />
            <SelectField label="Ends" hint="From now on." options={lengths} {...form.text('expiresAt')} />
          </div>
        </>
      )}
    </Editor>
  )
}

function wrongIn(keywords: readonly string[]) {
  if (keywords.length === 0) return [refused('keywords', 'Name at least one word.')]
  if (keywords.length > 20) return [refused('keywords', 'At most 20 of them.')]
  return keywords.some(({ length }) => length < 2 || length > 100)
    ? [refused('keywords', 'Each has 2 to 100 characters.')]
    : []
}
