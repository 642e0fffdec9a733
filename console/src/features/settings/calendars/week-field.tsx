import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { weekdays, wrongOfDay, type Week } from './week.ts'

type WeekFieldProps = { week: Week; error?: string | undefined; onChange: (week: Week) => void }
type Day = Week[number]

/** Opening hours of each weekday: none, one, or several with breaks between. */
export function WeekField({ week, error, onChange }: WeekFieldProps) {
  const set = (at: number, day: Day) => onChange(week.map((one, index) => (index === at ? day : one)))
  const copyMonday = () => onChange(week.map((day, at) => (at > 0 && at < 5 ? (week[0] ?? []) : day)))
  return (
    <section aria-label="Opening hours" className="flex flex-col gap-1">
      <div className="flex items-center justify-between">
        <p className="text-sm font-medium">Opening hours</p>
        <Button kind="quiet" onClick={copyMonday}>
          Monday’s hours until Friday
        </Button>
      </div>
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
      <div className="divide-y divide-line rounded-md border border-line">
        {weekdays.map((name, at) => (
          <DayRow key={name} name={name} day={week[at] ?? []} onChange={(day) => set(at, day)} />
        ))}
      </div>
    </section>
  )
}

function DayRow({ name, day, onChange }: { name: string; day: Day; onChange: (day: Day) => void }) {
  const wrong = wrongOfDay(day)
  const set = (at: number, change: Partial<Day[number]>) =>
    onChange(day.map((opening, index) => (index === at ? { ...opening, ...change } : opening)))
  return (
    <div role="group" aria-label={name} className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5">
      <label className="flex min-h-6 w-32 items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={day.length > 0}
          onChange={(event) => onChange(event.target.checked ? [{ opens: '09:00', closes: '17:00' }] : [])}
        />
        {name}
      </label>
      {day.length === 0 && <span className="flex-1 text-sm text-ink-faint">Closed</span>}
      <div className="flex flex-1 flex-wrap gap-x-4 gap-y-1">
        {day.map(({ opens, closes }, at) => (
          <div key={at} className="flex items-center gap-1.5">
            <TextField
              label={`${name} opens`}
              isLabelHidden
              type="time"
              className="w-28"
              aria-invalid={wrong !== null || undefined}
              value={opens}
              onChange={(event) => set(at, { opens: event.target.value })}
            />
            <span className="text-sm text-ink-soft">to</span>
            <TextField
              label={`${name} closes`}
              isLabelHidden
              type="time"
              className="w-28"
              aria-invalid={wrong !== null || undefined}
              value={closes === '24:00' ? '00:00' : closes}
              onChange={(event) => set(at, { closes: event.target.value })}
            />
            {day.length > 1 && (
              <IconButton
                label={`Remove this opening of ${name}`}
                onClick={() => onChange(day.filter((_, index) => index !== at))}
              >
                <X aria-hidden className="size-4 shrink-0" />
              </IconButton>
            )}
          </div>
        ))}
      </div>
      {day.length > 0 && (
        <IconButton
          label={`Another opening on ${name}`}
          onClick={() => onChange([...day, { opens: day.at(-1)?.closes ?? '', closes: '' }])}
        >
          <Plus aria-hidden className="size-4 shrink-0" />
        </IconButton>
      )}
      {wrong && <p className="w-full text-xs text-bad">{wrong}</p>}
    </div>
  )
}
