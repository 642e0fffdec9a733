import { useState } from 'react'
import { SelectField, TextField } from '../../../ui/field.tsx'
import { DurationField } from '../parts/duration-field.tsx'
import { labelsOf } from '../parts/form.ts'
import type { ConditionField } from './fields.ts'
import type { Leaf } from './model.ts'

type ValueFieldProps = { leaf: Leaf; field: ConditionField; onChange: (value: unknown) => void }

/** What a field is compared with, entered as it is. */
export function ValueField({ leaf: { op, value }, field, onChange }: ValueFieldProps) {
  const { kind, label, choices } = field
  const named = { label: `Value of ${label}`, isLabelHidden: true }
  if (op === 'exists' || op === 'missing' || op === 'changed') return null
  if (op === 'in' && choices) return <SomeOf {...{ field, value, onChange }} />
  if (op === 'in') return <Several label={named.label} value={value} onChange={onChange} />
  if (kind === 'boolean')
    return (
      <SelectField
        {...named}
        value={String(value ?? true)}
        onChange={(event) => onChange(event.target.value === 'true')}
        options={[
          { value: 'true', label: 'yes' },
          { value: 'false', label: 'no' },
        ]}
      />
    )
  if (choices)
    return (
      <SelectField
        {...named}
        value={String(value ?? '')}
        onChange={(event) => onChange(kind === 'number' ? Number(event.target.value) : event.target.value)}
        options={[...(value === undefined || value === '' ? [{ value: '', label: 'Choose…' }] : []), ...choices]}
      />
    )
  if (kind === 'duration')
    return (
      <DurationField
        {...named}
        placeholder="2 d"
        seconds={typeof value === 'number' ? value : null}
        onChange={(seconds) => onChange(seconds ?? undefined)}
      />
    )
  if (kind === 'number' || kind === 'share') return <Figure {...{ field, value, onChange }} />
  if (kind === 'instant')
    return (
      <TextField
        {...named}
        type="datetime-local"
        value={localOf(value)}
        onChange={(event) => onChange(event.target.value ? new Date(event.target.value).toISOString() : undefined)}
      />
    )
  return (
    <TextField
      {...named}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

type PartProps = { field: ConditionField; value: unknown; onChange: (value: unknown) => void }

/** A share is entered in percent. */
function Figure({ field: { kind, label }, value, onChange }: PartProps) {
  const size = kind === 'share' ? 100 : 1
  return (
    <div className="flex items-center gap-1.5">
      <TextField
        label={`Value of ${label}`}
        isLabelHidden
        type="number"
        step="any"
        className="w-24"
        value={typeof value === 'number' ? Math.round(value * size * 1e6) / 1e6 : ''}
        onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value) / size)}
      />
      {kind === 'share' && <span className="text-sm text-ink-soft">%</span>}
    </div>
  )
}

function Several({ label, value, onChange }: { label: string; value: unknown; onChange: (value: unknown) => void }) {
  const [text, setText] = useState(Array.isArray(value) ? value.join(', ') : '')
  return (
    <TextField
      label={label}
      isLabelHidden
      placeholder="one, another"
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        onChange(labelsOf(event.target.value))
      }}
    />
  )
}

function SomeOf({ field: { kind, label, choices = [] }, value, onChange }: PartProps) {
  const chosen = Array.isArray(value) ? value.map(String) : []
  const turn = (one: string, isOn: boolean) => {
    const next = isOn ? [...chosen, one] : chosen.filter((other) => other !== one)
    onChange(kind === 'number' ? next.map(Number) : next)
  }
  return (
    <div role="group" aria-label={`Values of ${label}`} className="flex flex-wrap gap-x-3">
      {choices.map((choice) => (
        <label key={choice.value} className="flex min-h-7 items-center gap-1.5 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={chosen.includes(choice.value)}
            onChange={(event) => turn(choice.value, event.target.checked)}
          />
          {choice.label}
        </label>
      ))}
    </div>
  )
}

/** An instant as a field for local time shows it. */
function localOf(value: unknown): string {
  if (typeof value !== 'string') return ''
  const at = new Date(value)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
