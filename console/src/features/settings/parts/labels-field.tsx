import { useState } from 'react'
import { TextField } from '../../../ui/field.tsx'
import { labelsOf } from './form.ts'

type LabelsFieldProps = { label: string; hint?: string; labels: unknown; onChange: (labels: string[]) => void }

/** Some words, separated by commas. */
export function LabelsField({ label, hint = 'Separated by commas.', labels, onChange }: LabelsFieldProps) {
  const [text, setText] = useState(Array.isArray(labels) ? labels.join(', ') : '')
  return (
    <TextField
      label={label}
      hint={hint}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        onChange(labelsOf(event.target.value))
      }}
    />
  )
}
