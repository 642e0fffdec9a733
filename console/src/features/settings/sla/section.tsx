import { useQuery } from '@apollo/client/react'
import { Timer } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import type { Column } from '../../../ui/table.tsx'
import { slaFields, type ConditionField } from '../conditions/fields.ts'
import { usePlaces } from '../conditions/use-places.ts'
import { conditionWords } from '../conditions/words.ts'
import { actionsColumn, Listing, RowName } from '../parts/listing.tsx'
import { moved, orderAfter } from '../parts/order.ts'
import { useSave } from '../parts/save.ts'
import { Switch } from '../parts/switch.tsx'
import { useCreateCommand } from '../parts/use-create.ts'
import {
  SettingsSaveSlaPolicyDocument,
  SettingsSlaPoliciesDocument,
  type SettingsSlaPolicyFragment,
} from './generated/SlaPolicies.ts'
import { PolicyEditor } from './policy-editor.tsx'
import { promiseWords } from './targets.ts'

export function SlaSection() {
  const mayChange = useMay()('config:write')
  const [shown, setShown] = useState<{ policy: SettingsSlaPolicyFragment | null } | null>(null)
  const { data, error, refetch } = useQuery(SettingsSlaPoliciesDocument, { fetchPolicy: 'cache-and-network' })
  const [save] = useSave(SettingsSaveSlaPolicyDocument, {
    said: 'The policy is saved. It holds for what is opened or changed from now on.',
    refetch: [SettingsSlaPoliciesDocument],
  })
  const fields = slaFields(usePlaces())
  const create = () => setShown({ policy: null })
  useCreateCommand('SLA policy', mayChange, create)
  const policies = data?.slaPolicies ?? []
  const move = async (policy: SettingsSlaPolicyFragment, by: -1 | 1) => {
    for (const { id, order } of moved(policies, policies.indexOf(policy), by)) {
      const one = policies.find((other) => other.id === id)
      if (one) await save({ input: { ...inputOf(one), order } })
    }
  }
  return (
    <>
      <Listing
        caption="SLA policies"
        answer={{ rows: data?.slaPolicies, error, refetch }}
        keyOf={({ id }) => id}
        isMuted={({ isActive }) => !isActive}
        columns={[
          ...columns(fields, mayChange ? (policy) => setShown({ policy }) : undefined),
          {
            id: 'active',
            title: 'On',
            cell: (policy) => (
              <Switch
                label={`${policy.name} is in force`}
                isOn={policy.isActive}
                isDisabled={!mayChange}
                onChange={(isActive) => void save({ input: { ...inputOf(policy), isActive } })}
              />
            ),
          },
          actionsColumn<SettingsSlaPolicyFragment>(
            ({ name }) => name,
            (policy) =>
              mayChange
                ? [
                    { id: 'edit', label: 'Edit', run: () => setShown({ policy }) },
                    {
                      id: 'up',
                      label: 'Move up',
                      isDisabled: policy === policies[0],
                      run: () => void move(policy, -1),
                    },
                    {
                      id: 'down',
                      label: 'Move down',
                      isDisabled: policy === policies.at(-1),
                      run: () => void move(policy, 1),
                    },
                  ]
                : [],
          ),
        ]}
        empty={{
          icon: Timer,
          title: 'Nothing is promised yet',
          text: 'A policy says how soon a customer hears from you. Clocks count down on each ticket, and warn before it is late.',
        }}
        create={mayChange ? { label: 'New policy', run: create } : undefined}
      />
      {shown && <PolicyEditor policy={shown.policy} order={orderAfter(policies)} onClose={() => setShown(null)} />}
    </>
  )
}

const inputOf = ({ id, name, order, conditions, isActive, calendar, targets }: SettingsSlaPolicyFragment) => ({
  id,
  name,
  order,
  conditions,
  isActive,
  calendarId: calendar?.id ?? null,
  targets: targets.map(({ metric, priority, seconds, warnBeforeSeconds, businessHours }) => ({
    metric,
    priority,
    seconds,
    warnBeforeSeconds,
    businessHours,
  })),
})

const columns = (
  fields: readonly ConditionField[],
  edit?: (policy: SettingsSlaPolicyFragment) => void,
): Column<SettingsSlaPolicyFragment>[] => [
  {
    id: 'name',
    title: 'Policy',
    isHeading: true,
    cell: (policy) => (
      <RowName name={policy.name} below={`Version ${policy.version}`} onOpen={edit ? () => edit(policy) : undefined} />
    ),
  },
  {
    id: 'for',
    title: 'For',
    cell: ({ conditions }) => conditionWords(conditions, fields) || 'Every ticket',
  },
  {
    id: 'promise',
    title: 'Promises',
    className: 'w-1/3',
    cell: ({ targets }) => (
      <ul className="flex flex-col gap-0.5 text-xs">
        {promiseWords(targets).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    ),
  },
  { id: 'calendar', title: 'Calendar', cell: ({ calendar }) => calendar?.name ?? 'All hours' },
]
