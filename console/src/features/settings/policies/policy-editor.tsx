import { useViewer } from '../../../session/viewer.tsx'
import { CheckField, SelectField, TextArea, TextField } from '../../../ui/field.tsx'
import { wordChoices } from '../parts/choices.ts'
import { Editor } from '../parts/editor.tsx'
import { refused } from '../parts/form.ts'
import { useSave } from '../parts/save.ts'
import {
  SettingsPoliciesDocument,
  SettingsSavePolicyDocument,
  type PolicyKind,
  type SettingsPolicyFragment,
} from './generated/Policies.ts'

const kinds: readonly PolicyKind[] = ['REFUND', 'RETURN', 'SHIPPING', 'DISCOUNT', 'COMPENSATION', 'TONE', 'OTHER']

type Values = {
  name: string
  kind: PolicyKind
  text: string
  maxDiscountPercent: string
  maxCompensation: string
  isActive: boolean
}

export function PolicyEditor({ policy, onClose }: { policy: SettingsPolicyFragment | null; onClose: () => void }) {
  const { tenant } = useViewer()
  const [save] = useSave(SettingsSavePolicyDocument, {
    said: 'The policy is saved.',
    refetch: [SettingsPoliciesDocument],
    isQuiet: true,
  })
  return (
    <Editor<Values>
      title={policy ? `Edit ${policy.name}` : 'New policy'}
      initial={{
        name: policy?.name ?? '',
        kind: policy?.kind ?? 'REFUND',
        text: policy?.text ?? '',
        maxDiscountPercent: typeof policy?.maxDiscountPercent === 'number' ? String(policy.maxDiscountPercent) : '',
        maxCompensation: policy?.maxCompensation?.amount ?? '',
        isActive: policy?.isActive ?? true,
      }}
      check={wrongIn}
      save={({ maxDiscountPercent, maxCompensation, ...values }) =>
        save({
          input: {
            id: policy?.id ?? null,
            ...values,
            maxDiscountPercent: maxDiscountPercent.trim() === '' ? null : Number(maxDiscountPercent),
            maxCompensation: maxCompensation.trim() || null,
          },
        })
      }
      onClose={onClose}
    >
      {(form) => (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField label="Name" autoComplete="off" {...form.text('name')} />
            <SelectField label="About" options={wordChoices(kinds)} {...form.text('kind')} />
          </div>
          <TextArea
            label="What it says"
            rows={5}
            hint="In plain words, as you would tell a new colleague."
            {...form.text('text')}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Highest discount in percent"
              inputMode="decimal"
              hint="Empty for no limit."
              {...form.text('maxDiscountPercent')}
            />
            <TextField
              label={`Most compensation in ${tenant.currencyCode}`}
              inputMode="decimal"
              hint="Empty for no limit."
              {...form.text('maxCompensation')}
            />
          </div>
          <CheckField label="In force" {...form.check('isActive')} />
        </>
      )}
    </Editor>
  )
}

function wrongIn({ name, text, maxDiscountPercent, maxCompensation }: Values) {
  const discount = Number(maxDiscountPercent)
  return [
    ...(name.trim() === '' ? [refused('name', 'A name is needed.')] : []),
    ...(text.trim() === '' ? [refused('text', 'Say what it allows.')] : []),
    ...(discount >= 0 && discount <= 100 ? [] : [refused('maxDiscountPercent', 'From 0 to 100.')]),
    ...(Number(maxCompensation) >= 0 ? [] : [refused('maxCompensation', 'An amount, such as 25.00.')]),
  ]
}
