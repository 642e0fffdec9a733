import { useQuery } from '@apollo/client/react'
import { CheckField, SelectField, TextField } from '../../../ui/field.tsx'
import { ConditionsEditor, draftOf, sentConditions, type Draft } from '../conditions/editor.tsx'
import { slaFields } from '../conditions/fields.ts'
import { usePlaces } from '../conditions/use-places.ts'
import { SettingsCalendarsDocument } from '../calendars/generated/Calendars.ts'
import { Editor } from '../parts/editor.tsx'
import { refused } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import {
  SettingsSaveSlaPolicyDocument,
  SettingsSlaPoliciesDocument,
  type SettingsSlaPolicyFragment,
} from './generated/SlaPolicies.ts'
import { slotsOf, targetsOf, type Slot } from './targets.ts'
import { TargetsField } from './targets-field.tsx'

type Values = { name: string; isActive: boolean; conditions: Draft; calendarId: string; targets: Slot[] }
type PolicyEditorProps = { policy: SettingsSlaPolicyFragment | null; order: number; onClose: () => void }

export function PolicyEditor({ policy, order, onClose }: PolicyEditorProps) {
  const places = usePlaces()
  const { data } = useQuery(SettingsCalendarsDocument)
  const [save] = useSave(SettingsSaveSlaPolicyDocument, {
    said: 'The policy is saved. It holds for what is opened or changed from now on.',
    refetch: [SettingsSlaPoliciesDocument],
    isQuiet: true,
  })
  const calendars = (data?.businessCalendars ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Editor<Values>
      title={policy ? `Edit ${policy.name}` : 'New SLA policy'}
      isWide
      initial={{
        name: policy?.name ?? '',
        isActive: policy?.isActive ?? true,
        conditions: draftOf(policy?.conditions ?? {}),
        calendarId: policy?.calendar?.id ?? '',
        targets: slotsOf(policy?.targets ?? []),
      }}
      check={wrongIn}
      save={({ conditions, calendarId, targets, ...values }) =>
        save({
          input: {
            id: policy?.id ?? null,
            order: policy?.order ?? order,
            ...values,
            conditions: sentConditions(conditions),
            calendarId: calendarId || null,
            targets: targetsOf(targets),
          },
        })
      }
      onClose={onClose}
    >
      {(form) => (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField label="Name" autoComplete="off" {...form.text('name')} />
            <SelectField
              label="Calendar"
              hint="For targets that count business hours."
              options={[{ value: '', label: 'None: all hours count' }, ...calendars]}
              {...form.text('calendarId')}
            />
          </div>
          <ConditionsEditor
            draft={form.values.conditions}
            fields={slaFields(places)}
            error={form.errorOf('conditions')}
            always="It is for every ticket that no policy before it fits."
            onChange={(conditions) => form.set('conditions', conditions)}
          />
          <TargetsField
            slots={form.values.targets}
            error={form.errorOf('targets')}
            onChange={(targets) => form.set('targets', targets)}
          />
          <CheckField label="In force" {...form.check('isActive')} />
        </>
      )}
    </Editor>
  )
}

function wrongIn({ name, conditions, calendarId, targets }: Values) {
  const promised = targetsOf(targets)
  return [
    ...(name.trim() === '' ? [refused('name', 'A name is needed.')] : []),
    ...(sentConditions(conditions) === null ? [refused('conditions', 'This is no JSON.')] : []),
    ...(promised.some(({ seconds, warnBeforeSeconds }) => Number.isNaN(seconds + warnBeforeSeconds))
      ? [refused('targets', 'Some times cannot be read: write them like 30 min, 4 h or 1 d 6 h.')]
      : []),
    ...(promised.length === 0 ? [refused('targets', 'Promise at least one thing.')] : []),
    ...(calendarId === '' && promised.some(({ businessHours }) => businessHours)
      ? [refused('calendarId', 'Some targets count business hours: choose whose.')]
      : []),
  ]
}
