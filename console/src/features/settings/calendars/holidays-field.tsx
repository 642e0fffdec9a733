import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'

type HolidayDraft = { date: string; name: string }
type HolidaysFieldProps = {
  holidays: HolidayDraft[]
  error?: string | undefined
  onChange: (holidays: HolidayDraft[]) => void
}

/** Days on which no hour counts. */
export function HolidaysField({ holidays, error, onChange }: HolidaysFieldProps) {
  const set = (at: number, change: Partial<HolidayDraft>) =>
    onChange(holidays.map((one, index) => (index === at ? { ...one, ...change } : one)))
  return (
    <section aria-label="Holidays" className="flex flex-col gap-2">
      <p className="text-sm font-medium">
        Holidays <span className="font-normal text-ink-faint">({holidays.length})</span>
      </p>
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
      {holidays.map(({ date, name }, at) => (
        <div key={at} role="group" aria-label={`Holiday ${at + 1}`} className="flex items-center gap-2">
          <TextField
            label="Day"
            isLabelHidden
            type="date"
            className="w-40"
            value={date}
            onChange={(event) => set(at, { date: event.target.value })}
          />
          <div className="flex-1">
            <TextField
              label="Name of the holiday"
              isLabelHidden
              placeholder="New Year’s Day"
              value={name}
              onChange={(event) => set(at, { name: event.target.value })}
            />
          </div>
          <IconButton
            label={`Remove ${name || `holiday ${at + 1}`}`}
            onClick={() => onChange(holidays.filter((_, index) => index !== at))}
          >
            <X aria-hidden className="size-4 shrink-0" />
          </IconButton>
        </div>
      ))}
      <Button className="self-start" onClick={() => onChange([...holidays, { date: '', name: '' }])}>
        <Plus aria-hidden className="size-4" />
        Add a holiday
      </Button>
    </section>
  )
}
