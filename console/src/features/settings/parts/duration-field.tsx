import { useState } from 'react'
import { TextField } from '../../../ui/field.tsx'
import { durationText, secondsIn } from './duration.ts'

type DurationFieldProps = {
  label: string
  isLabelHidden?: boolean
  hint?: string
  error?: string | undefined
  placeholder?: string
  /** Null while nothing, or no duration, is entered. */
  seconds: number | null
  onChange: (seconds: number | null) => void
}

/** A time as people write it: "4 h", "1 d 6 h", "30 min". */
export function DurationField({ seconds, onChange, error, placeholder = '4 h', ...rest }: DurationFieldProps) {
  const [text, setText] = useState(seconds === null ? '' : durationText(seconds))
  const isWrong = text.trim() !== '' && secondsIn(text) === null
  return (
    <TextField
      {...rest}
      value={text}
      placeholder={placeholder}
      error={error ?? (isWrong ? 'Write it like 30 min, 4 h or 1 d 6 h.' : undefined)}
      onChange={(event) => {
        setText(event.target.value)
        onChange(secondsIn(event.target.value))
      }}
      onBlur={() => {
        const read = secondsIn(text)
        if (read !== null) setText(durationText(read))
      }}
    />
  )
}
