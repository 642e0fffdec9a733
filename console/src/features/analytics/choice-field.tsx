import { SelectField } from '../../ui/field.tsx'
import { periodChoices, periods, useChoice } from './address.ts'

/** A choice of a few, as a list beside what it changes. */
export function ChoiceField<Value extends string>({
  label,
  value,
  onChoose,
  options,
}: {
  label: string
  value: Value
  onChoose: (value: Value) => void
  options: readonly { value: Value; label: string }[]
}) {
  return (
    <div className="flex items-center gap-2 text-sm whitespace-nowrap">
      <span aria-hidden className="text-ink-soft">
        {label}
      </span>
      <SelectField
        label={label}
        isLabelHidden
        value={value}
        options={options}
        onChange={({ target }) => {
          const chosen = options.find((option) => option.value === target.value)
          if (chosen) onChoose(chosen.value)
        }}
      />
    </div>
  )
}

export function PeriodField() {
  const [days, choose] = useChoice('days', periods)
  return <ChoiceField label="Period" value={days} onChoose={choose} options={periodChoices} />
}
