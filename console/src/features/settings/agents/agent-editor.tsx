import { useMay, useViewer } from '../../../session/viewer.tsx'
import { words } from '../../../shared/format.ts'
import { CheckField, SelectField, TextField } from '../../../ui/field.tsx'
import { Editor } from '../parts/editor.tsx'
import { labelsOf, refused, type Form } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import {
  SettingsAgentsDocument,
  SettingsCreateAgentDocument,
  SettingsUpdateAgentDocument,
  type AgentRole,
  type SettingsAgentFragment,
} from './generated/Agents.ts'
import { rolesToGive } from './roles.ts'

type Values = {
  name: string
  email: string
  password: string
  role: AgentRole
  capacity: string
  skills: string
  acceptsNewTickets: boolean
}

const valuesOf = (agent: SettingsAgentFragment | null): Values => ({
  name: agent?.name ?? '',
  email: agent?.email ?? '',
  password: '',
  role: agent?.role ?? 'AGENT',
  capacity: String(agent?.capacity ?? 25),
  skills: agent?.skills.join(', ') ?? '',
  acceptsNewTickets: agent?.acceptsNewTickets ?? true,
})

/** A new agent, or changes of one. */
export function AgentEditor({ agent, onClose }: { agent: SettingsAgentFragment | null; onClose: () => void }) {
  const refetch = [SettingsAgentsDocument]
  const [create] = useSave(SettingsCreateAgentDocument, { said: 'The agent is added.', refetch, isQuiet: true })
  const [update] = useSave(SettingsUpdateAgentDocument, { said: 'The agent is saved.', isQuiet: true })
  const save = ({ name, email, password, role, capacity, skills, acceptsNewTickets }: Values) => {
    const shared = { name, role, capacity: Number(capacity), skills: labelsOf(skills) }
    return agent
      ? update({ input: { id: agent.id, ...shared, acceptsNewTickets } })
      : create({ input: { ...shared, email, password } })
  }
  return (
    <Editor
      title={agent ? `Edit ${agent.name}` : 'New agent'}
      initial={valuesOf(agent)}
      check={(values) => wrongIn(values, agent === null)}
      save={save}
      onClose={onClose}
      verb={agent ? 'Save' : 'Add agent'}
    >
      {(form) => <Fields form={form} agent={agent} />}
    </Editor>
  )
}

function Fields({ form, agent }: { form: Form<Values>; agent: SettingsAgentFragment | null }) {
  return (
    <>
      <TextField label="Name" autoComplete="off" {...form.text('name')} />
      {!agent && (
        <>
          <TextField
            label="E-mail"
            type="email"
            autoComplete="off"
            hint="What they log in with."
            {...form.text('email')}
          />
          <TextField
            label="First password"
            type="password"
            autoComplete="new-password"
            hint="At least 10 characters. Ask them to change it in their profile."
            {...form.text('password')}
          />
        </>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <RoleField form={form} agent={agent} />
        <TextField
          label="Capacity"
          type="number"
          min={0}
          max={1000}
          hint="Most tickets at a time."
          {...form.text('capacity')}
        />
      </div>
      <TextField
        label="Skills"
        placeholder="refund, shipping"
        hint="Separated by commas. Tickets that ask for a skill go to those who have it."
        {...form.text('skills')}
      />
      {agent && <CheckField label="Takes new tickets" {...form.check('acceptsNewTickets')} />}
    </>
  )
}

function RoleField({ form, agent }: { form: Form<Values>; agent: SettingsAgentFragment | null }) {
  const may = useMay()
  const own = useViewer().agent?.role ?? 'AGENT'
  const toGive = rolesToGive(own)
  const isFixed = !may('agent:manage') || (agent !== null && !toGive.includes(agent.role))
  const options = isFixed && agent ? [agent.role] : toGive
  return (
    <SelectField
      label="Role"
      disabled={isFixed}
      hint={isFixed ? 'Your role may not change it.' : 'What each may do: see Roles.'}
      options={options.map((value) => ({ value, label: words(value) }))}
      {...form.text('role')}
    />
  )
}

function wrongIn({ name, email, password, capacity }: Values, isNew: boolean) {
  const most = Number(capacity)
  return [
    ...(name.trim() === '' ? [refused('name', 'A name is needed.')] : []),
    ...(isNew && !/^\S+@\S+\.\S+$/.test(email) ? [refused('email', 'This is no e-mail address.')] : []),
    ...(isNew && password.length < 10 ? [refused('password', 'At least 10 characters.')] : []),
    ...(capacity.trim() === '' || !Number.isInteger(most) || most < 0 || most > 1000
      ? [refused('capacity', 'A whole number from 0 to 1,000.')]
      : []),
  ]
}
