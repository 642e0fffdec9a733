import { words } from '../../../shared/format.ts'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { CheckList } from '../parts/check-list.tsx'
import { Pick, type ActionFieldsProps } from './action-fields.tsx'

const roles = ['AGENT', 'SENIOR_AGENT', 'TEAM_LEAD', 'MANAGER', 'ADMIN']

/** Whom a rule tells, and what. */
export function NotifyFields({ given, places, onChange }: ActionFieldsProps) {
  const text = String(given['text'] ?? '')
  const whom = 'role' in given ? 'role' : 'teamId' in given ? 'teamId' : 'agentIds'
  const first = { role: 'TEAM_LEAD', teamId: '', agentIds: [] }
  return (
    <div className="flex flex-col gap-2">
      <div className="grid gap-2 sm:grid-cols-2">
        <SelectField
          label="Whom"
          options={[
            { value: 'role', label: 'Everybody of a role' },
            { value: 'teamId', label: 'A team' },
            { value: 'agentIds', label: 'Certain agents' },
          ]}
          value={whom}
          onChange={({ target }) => {
            const next = target.value as keyof typeof first
            onChange({ [next]: first[next], text })
          }}
        />
        {whom === 'role' && (
          <SelectField
            label="Role"
            options={roles.map((value) => ({ value, label: words(value) }))}
            value={String(given['role'])}
            onChange={(event) => onChange({ role: event.target.value, text })}
          />
        )}
        {whom === 'teamId' && (
          <Pick
            label="Team"
            choices={places.teams}
            value={String(given['teamId'])}
            onPick={(teamId) => onChange({ teamId, text })}
          />
        )}
      </div>
      {whom === 'agentIds' && (
        <CheckList
          label="Agents"
          choices={places.agents}
          chosen={(given['agentIds'] as string[] | undefined) ?? []}
          onChange={(agentIds) => onChange({ agentIds, text })}
        />
      )}
      <TextField label="Text" value={text} onChange={(event) => onChange({ ...given, text: event.target.value })} />
    </div>
  )
}
