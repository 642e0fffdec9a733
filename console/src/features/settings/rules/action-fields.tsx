import { useQuery } from '@apollo/client/react'
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field.tsx'
import type { Places } from '../conditions/fields.ts'
import type { Choice } from '../parts/check-list.tsx'
import { wordChoices } from '../parts/choices.ts'
import { DurationField } from '../parts/duration-field.tsx'
import { LabelsField } from '../parts/labels-field.tsx'
import { SettingsWebhooksDocument } from '../webhooks/generated/Webhooks.ts'
import type { ActionDraft } from './actions.ts'
import { NotifyFields } from './notify-fields.tsx'

type Given = Record<string, unknown>
export type ActionFieldsProps = { given: Given; places: Places; onChange: (given: Given) => void }

const priorities = wordChoices(['URGENT', 'HIGH', 'NORMAL', 'LOW'])
const strategies = [
  { value: 'BEST_FIT', label: 'Who fits best' },
  { value: 'LEAST_LOADED', label: 'Who has least to do' },
  { value: 'ROUND_ROBIN', label: 'One after the other' },
]
const states = [
  { value: 'OPEN', label: 'Open' },
  { value: 'PENDING CUSTOMER', label: 'Pending: waiting on the customer' },
  { value: 'PENDING THIRD_PARTY', label: 'Pending: waiting on somebody else' },
  { value: 'CLOSED', label: 'Closed' },
]

/** With what an action is done. */
export function ActionFields({ action, ...props }: { action: ActionDraft } & Omit<ActionFieldsProps, 'given'>) {
  const { places, onChange } = props
  const { kind, given } = action
  const text = (name: string): string => (typeof given[name] === 'string' ? given[name] : '')
  const set = (name: string) => (event: { target: { value: string } }) =>
    onChange({ ...given, [name]: event.target.value })
  switch (kind) {
    case 'assign':
      return <AssignFields given={given} places={places} onChange={onChange} />
    case 'queue':
      return <Pick label="Queue" choices={places.queues} value={text('id')} onPick={(id) => onChange({ id })} />
    case 'team':
      return <Pick label="Team" choices={places.teams} value={text('id')} onPick={(id) => onChange({ id })} />
    case 'priority':
      return <SelectField label="Priority" options={priorities} value={text('priority')} onChange={set('priority')} />
    case 'status':
      return (
        <SelectField
          label="Status"
          options={states}
          value={[text('status'), text('waitingOn')].filter(Boolean).join(' ')}
          onChange={({ target }) => {
            const [status, waitingOn] = target.value.split(' ')
            onChange({ status, ...(waitingOn && { waitingOn }) })
          }}
        />
      )
    case 'tag':
    case 'untag':
      return <LabelsField label="Tags" labels={given['tags']} onChange={(tags) => onChange({ tags })} />
    case 'skills':
      return <LabelsField label="Skills" labels={given['skills']} onChange={(skills) => onChange({ skills })} />
    case 'escalate':
      return <EscalateFields given={given} places={places} onChange={onChange} />
    case 'notify':
      return <NotifyFields given={given} places={places} onChange={onChange} />
    case 'followUp':
      return (
        <div className="grid gap-2 sm:grid-cols-2">
          <DurationField
            label="In"
            seconds={Number(given['inSeconds'])}
            onChange={(inSeconds) => onChange({ ...given, inSeconds: inSeconds ?? 0 })}
          />
          <TextField
            label="Note"
            value={text('note')}
            onChange={({ target }) =>
              onChange({ inSeconds: given['inSeconds'], ...(target.value && { note: target.value }) })
            }
          />
        </div>
      )
    case 'note':
      return <TextArea label="Note" rows={2} value={text('text')} onChange={set('text')} />
    case 'webhook':
      return <WebhookField value={text('endpointId')} onPick={(endpointId) => onChange({ endpointId })} />
    case 'draft':
      return <p className="text-sm text-ink-soft">Written ahead, so that it waits when the ticket is opened.</p>
    default:
      return kind satisfies never
  }
}

/** One of some places, none chosen at first. */
export function Pick(props: {
  label: string
  choices: readonly Choice[]
  value: string
  onPick: (value: string) => void
}) {
  const { label, choices, value, onPick } = props
  return (
    <SelectField
      label={label}
      value={value}
      onChange={(event) => onPick(event.target.value)}
      options={[...(value === '' ? [{ value: '', label: 'Choose…' }] : []), ...choices]}
    />
  )
}

function AssignFields({ given, places, onChange }: ActionFieldsProps) {
  const isNamed = 'agentId' in given
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      <SelectField
        label="To"
        options={[...strategies, { value: 'AGENT', label: 'A certain agent' }]}
        value={isNamed ? 'AGENT' : String(given['strategy'])}
        onChange={({ target: { value } }) => onChange(value === 'AGENT' ? { agentId: '' } : { strategy: value })}
      />
      {isNamed && (
        <Pick
          label="Agent"
          choices={places.agents}
          value={String(given['agentId'])}
          onPick={(agentId) => onChange({ agentId })}
        />
      )}
    </div>
  )
}

function EscalateFields({ given, places, onChange }: ActionFieldsProps) {
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="Reason"
        value={String(given['reason'] ?? '')}
        onChange={(event) => onChange({ ...given, reason: event.target.value })}
      />
      <SelectField
        label="To the team"
        options={[{ value: '', label: 'The one it has' }, ...places.teams]}
        value={String(given['toTeamId'] ?? '')}
        onChange={({ target }) => {
          const { reason, toSenior } = given
          onChange({ reason, toSenior, ...(target.value && { toTeamId: target.value }) })
        }}
      />
      <CheckField
        label="To somebody senior"
        checked={given['toSenior'] === true}
        onChange={(event) => onChange({ ...given, toSenior: event.target.checked })}
      />
    </div>
  )
}

function WebhookField({ value, onPick }: { value: string; onPick: (id: string) => void }) {
  const { data } = useQuery(SettingsWebhooksDocument)
  const choices = (data?.webhookEndpoints ?? []).map(({ id, url }) => ({ value: id, label: url }))
  return <Pick label="Endpoint" choices={choices} value={value} onPick={onPick} />
}
