import { SelectField, TextField } from '../../../ui/field.tsx'
import { CheckList } from '../parts/check-list.tsx'
import { Editor } from '../parts/editor.tsx'
import { refused } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import { SettingsApiKeysDocument, SettingsCreateApiKeyDocument } from './generated/Keys.ts'
import { endAfter, lifetimes, scopes } from './scopes.ts'

type Values = { name: string; scopes: string[]; expiresAt: string; requestsPerMinute: string }
type KeyCreationProps = { onClose: () => void; onTold: (key: string | null | undefined) => void }

export function KeyCreation({ onClose, onTold }: KeyCreationProps) {
  const [create] = useSave(SettingsCreateApiKeyDocument, {
    said: 'The key is made.',
    refetch: [SettingsApiKeysDocument],
    isQuiet: true,
  })
  return (
    <Editor
      title="New partner key"
      initial={{ name: '', scopes: ['insight:read'], expiresAt: '365', requestsPerMinute: '1000' }}
      check={wrongIn}
      save={({ expiresAt, requestsPerMinute, ...values }) => {
        const input = {
          ...values,
          expiresAt: endAfter(expiresAt, Date.now()),
          requestsPerMinute: Number(requestsPerMinute),
        }
        return create({ input })
      }}
      onSaved={({ payload }) => onTold(payload?.key)}
      onClose={onClose}
      verb="Make the key"
    >
      {(form) => (
        <>
          <TextField
            label="Name"
            autoComplete="off"
            hint="For whom or what: one key for each partner."
            {...form.text('name')}
          />
          <CheckList
            label="May"
            columns={1}
            choices={scopes}
            chosen={form.values.scopes}
            error={form.errorOf('scopes')}
            onChange={(chosen) => form.set('scopes', chosen)}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField label="Ends" options={lifetimes} {...form.text('expiresAt')} />
            <TextField
              label="Requests a minute"
              type="number"
              min={1}
              max={100000}
              {...form.text('requestsPerMinute')}
            />
          </div>
        </>
      )}
    </Editor>
  )
}

function wrongIn({ name, scopes: chosen, requestsPerMinute }: Values) {
  const most = Number(requestsPerMinute)
  return [
    ...(name.trim() === '' ? [refused('name', 'A name is needed.')] : []),
    ...(chosen.length === 0 ? [refused('scopes', 'It may do at least one thing.')] : []),
    ...(!Number.isInteger(most) || most < 1 || most > 100_000
      ? [refused('requestsPerMinute', 'A whole number from 1 to 100,000.')]
      : []),
  ]
}
