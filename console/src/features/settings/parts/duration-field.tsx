import { useState } from 'react'
import { TextField } from '../../../ui/field.tsx'
import { durationText, secondsIn } from './duration.ts'

type DurationFieldProps = {
  label: string
  isLabelHidden?: boolean
  hint?: string
  error?: string | undefined
  placeholder?: string
  /** Null while nothing is entered; NaN for what is no duration, so that it is not taken for nothing. */
  seconds: number | null
  onChange: (seconds: number | null) => void
}

/** A time as people write it: "4 h", "1 d 6 h", "30 min". */
export function DurationField({ seconds, onChange, error, placeholder = '4 h', ...rest }: DurationFieldProps) {
  const [text, setText] = useState(seconds === null || Number.isNaN(seconds) ? '' : durationText(seconds))
  const isWrong = text.trim() !== '' && secondsIn(text) === null
  return (
    <TextField
      {...rest}
      value={text}
      placeholder={placeholder}
      error={error ?? (isWrong ? 'Write it like 30 min, 4 h or 1 d 6 h.' : undefined)}
      onChange={(event) => {
        setText(event.target.value)
        onChange(event.target.value.trim() === '' ? null : (secondsIn(event.target.value) ?? Number.NaN))
      }}
      onBlur={() => {
        const read = secondsIn(text)
        if (read !== null) setText(durationText(read))
      }}
    />
  )
}
