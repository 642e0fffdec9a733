import { X } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { useAgentChoices } from '../parts/choices.ts'
import type { SettingsAuditQueryVariables } from './generated/Audit.ts'

export type Asked = { action: string; actorId: string; subjectId: string; from: string; to: string }

const actions = [
  ['agent.logged_in', 'Agent logged in'],
  ['agent.created', 'Agent added'],
  ['agent.changed', 'Agent changed'],
  ['agent.deactivated', 'Agent deactivated'],
  ['agent.password_changed', 'Password changed'],
  ['team.changed', 'Team changed'],
  ['queue.updated', 'Queue changed'],
  ['sla_policy.saved', 'SLA policy saved'],
  ['calendar.saved', 'Calendar saved'],
  ['automationRule.changed', 'Rule changed'],
  ['policy.changed', 'Policy changed'],
  ['tenant.settings_changed', 'Settings changed'],
  ['intelligence.settings_changed', 'Intelligence settings changed'],
  ['model.role_changed', 'Model’s role changed'],
  ['api_key.created', 'API key made'],
  ['api_key.rotated', 'API key replaced'],
  ['api_key.revoked', 'API key revoked'],
  ['insight_webhook.created', 'Insight webhook added'],
  ['insight_webhook.updated', 'Insight webhook changed'],
  ['insight_webhook.deleted', 'Insight webhook removed'],
  ['customer.read', 'Customer read'],
] as const

const dayMs = 86_400_000
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The last day counts as a whole. An id is asked for once it is one. */
export const variablesOf = ({ action, actorId, subjectId, from, to }: Asked): SettingsAuditQueryVariables => ({
  ...(action && { action }),
  ...(actorId && { actorId }),
  ...(idPattern.test(subjectId.trim()) && { subjectId: subjectId.trim() }),
  ...(from && { from: new Date(`${from}T00:00:00`).toISOString() }),
  ...(to && { to: new Date(Date.parse(`${to}T00:00:00`) + dayMs).toISOString() }),
})

type AuditFiltersProps = { asked: Asked; onAsk: (asked: Asked) => void; onClear: () => void }

export function AuditFilters({ asked, onAsk, onClear }: AuditFiltersProps) {
  const agents = useAgentChoices()
  const set = (name: keyof Asked) => (event: { target: { value: string } }) =>
    onAsk({ ...asked, [name]: event.target.value })
  const isAsked = Object.values(asked).some((value) => value !== '')
  const isNoId = asked.subjectId.trim() !== '' && !idPattern.test(asked.subjectId.trim())
  return (
    <div role="search" aria-label="Audit log" className="grid items-start gap-3 sm:grid-cols-3 lg:grid-cols-6">
      <SelectField
        label="What"
        value={asked.action}
        onChange={set('action')}
        options={[{ value: '', label: 'Everything' }, ...actions.map(([value, label]) => ({ value, label }))]}
      />
      <SelectField
        label="Who"
        value={asked.actorId}
        onChange={set('actorId')}
        options={[{ value: '', label: 'Anybody' }, ...agents]}
      />
      <TextField label="From" type="date" value={asked.from} onChange={set('from')} />
      <TextField label="Until" type="date" value={asked.to} onChange={set('to')} />
      <TextField
        label="Id of the thing"
        value={asked.subjectId}
        onChange={set('subjectId')}
        error={isNoId ? 'This is no id.' : undefined}
      />
      {isAsked && (
        <Button kind="quiet" className="mt-5 justify-self-start" onClick={onClear}>
          <X aria-hidden className="size-4" />
          Clear
        </Button>
      )}
    </div>
  )
}
