import { useQuery } from '@apollo/client/react'
import { BookOpenText } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../session/viewer.tsx'
import { formatMoney, words } from '../../../shared/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import type { Column } from '../../../ui/table.tsx'
import { actionsColumn, Listing, RowName } from '../parts/listing.tsx'
import { useSave } from '../parts/save.ts'
import { Switch } from '../parts/switch.tsx'
import { useCreateCommand } from '../parts/use-create.ts'
import {
  SettingsPoliciesDocument,
  SettingsSavePolicyDocument,
  type SettingsPolicyFragment,
} from './generated/Policies.ts'
import { PolicyEditor } from './policy-editor.tsx'

export function PoliciesSection() {
  const mayChange = useMay()('config:write')
  const [shown, setShown] = useState<{ policy: SettingsPolicyFragment | null } | null>(null)
  const { data, error, refetch } = useQuery(SettingsPoliciesDocument, { fetchPolicy: 'cache-and-network' })
  const [save] = useSave(SettingsSavePolicyDocument, { said: 'The policy is saved.' })
  const create = () => setShown({ policy: null })
  useCreateCommand('policy', mayChange, create)
  const turn = (policy: SettingsPolicyFragment, isActive: boolean) => {
    const { id, name, kind, text, maxDiscountPercent, maxCompensation } = policy
    const limits = { maxDiscountPercent: maxDiscountPercent ?? null, maxCompensation: maxCompensation?.amount ?? null }
    void save({ input: { id, name, kind, text, ...limits, isActive } })
  }
  return (
    <>
      <Listing
        caption="Policies"
        answer={{ rows: data?.policies, error, refetch }}
        keyOf={({ id }) => id}
        isMuted={({ isActive }) => !isActive}
        columns={[
          ...columns(mayChange ? (policy) => setShown({ policy }) : undefined),
          {
            id: 'on',
            title: 'In force',
            cell: (policy) => (
              <Switch
                label={`${policy.name} is in force`}
                isOn={policy.isActive}
                isDisabled={!mayChange}
                onChange={(isActive) => turn(policy, isActive)}
              />
            ),
          },
          actionsColumn<SettingsPolicyFragment>(
            ({ name }) => name,
            (policy) => (mayChange ? [{ id: 'edit', label: 'Edit', run: () => setShown({ policy }) }] : []),
          ),
        ]}
        empty={{
          icon: BookOpenText,
          title: 'No policies yet',
          text: 'Say what you allow (refunds, returns, discounts) and how you sound. Drafts keep to it, and cite it.',
        }}
        create={mayChange ? { label: 'New policy', run: create } : undefined}
      />
      {shown && <PolicyEditor policy={shown.policy} onClose={() => setShown(null)} />}
    </>
  )
}

const columns = (edit?: (policy: SettingsPolicyFragment) => void): Column<SettingsPolicyFragment>[] => [
  {
    id: 'name',
    title: 'Name',
    isHeading: true,
    cell: (policy) => <RowName name={policy.name} onOpen={edit ? () => edit(policy) : undefined} />,
  },
  { id: 'kind', title: 'About', cell: ({ kind }) => <Badge>{words(kind)}</Badge> },
  { id: 'text', title: 'Says', className: 'w-1/2', cell: ({ text }) => <p className="line-clamp-2">{text}</p> },
  {
    id: 'limit',
    title: 'Limit',
    className: 'whitespace-nowrap',
    cell: ({ maxDiscountPercent, maxCompensation }) =>
      [
        typeof maxDiscountPercent === 'number' && `${maxDiscountPercent} %`,
        maxCompensation && formatMoney(maxCompensation),
      ]
        .filter(Boolean)
        .join(', ') || <span className="text-ink-faint">None</span>,
  },
]
