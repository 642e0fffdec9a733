import { useId, useState } from 'react'
import { TextField } from '../../../ui/field.tsx'

export type Choice = { value: string; label: string; hint?: string | undefined }

type CheckListProps = {
  label: string
  hint?: string
  error?: string | undefined
  choices: readonly Choice[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
  columns?: 1 | 2 | 3
}

const grids = { 1: '', 2: 'sm:grid-cols-2', 3: 'sm:grid-cols-2 md:grid-cols-3' }
/** Above so many there is a filter. */
const many = 12

/** Some of several. */
export function CheckList({ label, hint, error, choices, chosen, onChange, columns = 2 }: CheckListProps) {
  const id = useId()
  const [wanted, setWanted] = useState('')
  const shown = choices.filter((choice) => choice.label.toLowerCase().includes(wanted.trim().toLowerCase()))
  const turn = (value: string, isOn: boolean) =>
    onChange(isOn ? [...chosen, value] : chosen.filter((one) => one !== value))
  return (
    <fieldset {...((hint || error) && { 'aria-describedby': `${id}-told` })} className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">
        {label} <span className="font-normal text-ink-faint">({chosen.length})</span>
      </legend>
      {choices.length > many && (
        <TextField
          label={`Filter: ${label}`}
          isLabelHidden
          type="search"
          placeholder="Filter…"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      )}
      <div
        className={`grid max-h-60 gap-x-4 overflow-y-auto rounded-md border border-line p-2 ${grids[columns]} ${error ? 'border-bad' : ''}`}
      >
        {shown.map(({ value, label: name, hint: about }) => (
          <label key={value} className="flex min-h-7 items-center gap-2 text-sm">
            <input
              type="checkbox"
              className="size-4 shrink-0 accent-accent"
              aria-invalid={Boolean(error) || undefined}
              checked={chosen.includes(value)}
              onChange={(event) => turn(value, event.target.checked)}
            />
            <span className="min-w-0">
              {name}
              {about && <span className="block text-xs text-ink-faint">{about}</span>}
            </span>
          </label>
        ))}
        {shown.length === 0 && <p className="text-sm text-ink-faint">Nothing fits.</p>}
      </div>
      {(hint || error) && (
        <p id={`${id}-told`} className={error ? 'text-xs text-bad' : 'text-xs text-ink-faint'}>
          {error ?? hint}
        </p>
      )}
    </fieldset>
  )
}
