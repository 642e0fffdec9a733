import { words } from '../../../shared/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { SelectField } from '../../../ui/field.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { DurationField } from '../parts/duration-field.tsx'
import { metricMeanings, priorities, type Slot } from './targets.ts'

type TargetsFieldProps = { slots: Slot[]; error?: string | undefined; onChange: (slots: Slot[]) => void }

/** What is promised, for each priority and metric; nothing where no time is entered. */
export function TargetsField({ slots, error, onChange }: TargetsFieldProps) {
  const change = (changed: Slot) =>
    onChange(
      slots.map((slot) => (slot.metric === changed.metric && slot.priority === changed.priority ? changed : slot)),
    )
  return (
    <section aria-label="Targets">
      <p className="mb-1 text-sm font-medium">Targets</p>
      {error && (
        <p role="alert" className="mb-1 text-xs text-bad">
          {error}
        </p>
      )}
      <Tabs
        label="Priority"
        tabs={priorities.map((priority) => {
          const own = slots.filter((slot) => slot.priority === priority)
          const count = own.filter(({ seconds }) => seconds !== null && !Number.isNaN(seconds)).length
          return {
            id: priority,
            label: (
              <>
                {words(priority)} <Badge tone={count > 0 ? 'accent' : 'neutral'}>{count}</Badge>
              </>
            ),
            content: (
              <div className="flex flex-col gap-2">
                {own.map((slot) => (
                  <TargetRow key={slot.metric} slot={slot} onChange={change} />
                ))}
              </div>
            ),
          }
        })}
      />
    </section>
  )
}

function TargetRow({ slot, onChange }: { slot: Slot; onChange: (slot: Slot) => void }) {
  const { metric, priority, seconds, warnBeforeSeconds, businessHours } = slot
  const name = `${words(metric)}, ${words(priority).toLowerCase()}`
  return (
    <div role="group" aria-label={name} className="grid items-start gap-3 sm:grid-cols-[1fr_7rem_9.5rem_7rem]">
      <div className="self-center">
        <p className="text-sm">{words(metric)}</p>
        <p className="text-xs text-ink-faint">{metricMeanings[metric]}</p>
      </div>
      <DurationField
        label="Within"
        placeholder="No promise"
        seconds={seconds}
        onChange={(next) => onChange({ ...slot, seconds: next })}
      />
      <SelectField
        label="Hours that count"
        disabled={seconds === null}
        value={businessHours ? 'business' : 'all'}
        onChange={(event) => onChange({ ...slot, businessHours: event.target.value === 'business' })}
        options={[
          { value: 'all', label: 'All hours' },
          { value: 'business', label: 'Business hours' },
        ]}
      />
      {seconds === null ? (
        <span />
      ) : (
        <DurationField
          label="Warn before"
          placeholder="15 min"
          seconds={warnBeforeSeconds}
          onChange={(next) => onChange({ ...slot, warnBeforeSeconds: next ?? 0 })}
        />
      )}
    </div>
  )
}
